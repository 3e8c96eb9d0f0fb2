"""What happens to messages received."""

from tecum.audit.catalogue.words import AMOUNT, CODE, HASH, ID, Event, Maybe, access, change

MAIL: dict[str, Event] = {
    "mail.received": change(
        "received message {message} through {door}", message=ID, door=CODE, size=AMOUNT, content=HASH
    ),
    "mail.received_again": change("was handed message {message} once more", message=ID, door=CODE),
    "mail.judged": change(
        "read message {message}: {klass}, because {reason}",
        message=ID,
        klass=CODE,
        reason=CODE,
        belongs_to=Maybe(ID),
        of=Maybe(ID),
    ),
    "mail.reclassified": change(
        "decided that message {message} is {klass}, not {was}",
        message=ID,
        was=CODE,
        klass=CODE,
        belongs_to=Maybe(ID),
        of=Maybe(ID),
    ),
    "mail.routed": change("handed message {message} on to {to}", message=ID, to=CODE),
    "mail.belongs": change("found message {message} to belong to a case", message=ID),
    "mail.rested": change("left message {message} to a person: {work}", message=ID, work=CODE),
    "mail.resumed": change("took message {message} up again, which a person had to do before", message=ID),
    "mail.done_by_hand": change("worked on message {message} by hand", message=ID),
    "mail.listed": access(
        "saw a list of {shown} messages received", shown=AMOUNT, found=AMOUNT, state=Maybe(CODE)
    ),
    "mail.opened": access("opened message {message}", message=ID),
    "mail.part_taken": access("took part {part} of message {message} away", message=ID, part=CODE, form=CODE),
}
