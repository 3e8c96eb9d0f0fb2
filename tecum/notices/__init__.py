"""
Everything the house says to the outside by itself: an outbox and its channels (assurance, control 11).

*Notice*: one message to one address, enqueued in the transaction of its cause and sent after it, by mail, fax or a
signed web request. *Message*: what kind of notice it is; its text is wording of the guide, and `messages.py` of each
capability declares the variables. *Attempt*: one try to deliver, kept in the delivery log. *Reply*: an automatic answer
to a message received, sent only where RFC 3834 lets it; one that is not sent says why. *Bounce*: the word of a mail
system that a notice did not arrive.
"""
