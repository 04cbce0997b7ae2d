"""What two or more panels or dialogs share; nothing here knows the session but the base of all panels."""
