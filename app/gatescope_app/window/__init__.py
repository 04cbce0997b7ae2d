"""The main window and what it is put together from: docks, menus, actions, layouts, the toolbar."""
