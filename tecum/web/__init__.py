"""Doors for people: pages by audience. Translate, at most one write, translate back."""
