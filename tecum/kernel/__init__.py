"""
What everything else may use and nothing of ours stands below: phone numbers, half-open periods,
business time, money, references, the person who acts (`Actor`) and the two refusals. No Django.
"""
