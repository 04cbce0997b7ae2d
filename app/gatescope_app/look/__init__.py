"""How everything looks and speaks: themes, colour maps, languages, ticks, tooltips."""
