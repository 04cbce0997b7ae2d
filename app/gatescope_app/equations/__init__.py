"""Equations on the screen: symbols typeset by ziamath, laid out in three levels, painted and pointed at."""
