"""
Connectors to the billing system. A connector gives its whole list and takes no question: there is no way to ask it for one
number, because whoever runs that system could see whom somebody asks about (decisions, part E).
"""
