"""
After an account was in other hands: what it learned, whom that obliges us to tell, and by when (feature 12, W2, W10).

To *rewind* is to list every answer a person's account got in an interval. A *breach* is the matter opened for it; its
*clocks* are the ends that each version of the rule in the guide sets (47 CFR 64.2011); its *notices* are drafts for
agencies and customers, worded by the guide, mended by people, given by people and recorded as given.
"""
