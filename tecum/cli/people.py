"""`tecum people …`: the first administrators, a link where no page can issue one, and the role matrix."""

import argparse
import getpass
import sys

from django.conf import settings

from tecum.access import reference
from tecum.access.catalogue import PERMISSIONS, ROLES
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused


class NoSuchPerson(Refused):
    """No account has that address."""


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the noun to the parser."""
    noun = commands.add_parser("people", help="create, link, suspend; print the role matrix")
    verbs = noun.add_subparsers(dest="verb", required=True, metavar="VERB")
    make = verbs.add_parser("create", help="create an account and print the link that sets its password")
    make.add_argument("email", help="the user name")
    make.add_argument("--name", required=True, help="the person's name")
    make.add_argument("--role", required=True, action="append", choices=sorted(ROLES), help="may be repeated")
    make.add_argument("--agency", default="", help="id of the agency, for officers")
    make.add_argument("--customer", default="", help="id of the customer, for its contacts")
    make.set_defaults(run=create)
    link = verbs.add_parser("link", help="print a new link that sets the password; the earlier one is void")
    link.add_argument("email")
    link.set_defaults(run=issue)
    stop = verbs.add_parser("suspend", help="keep a person out at once")
    stop.add_argument("email")
    stop.add_argument("--reason", required=True)
    stop.set_defaults(run=suspend)
    verbs.add_parser("matrix", help="print docs/reference/permissions.md").set_defaults(run=matrix)


def create(options: argparse.Namespace) -> int:
    """Create an account; the operator of the machine may give every role."""
    person = accounts.create_person(
        email=options.email,
        name=options.name,
        roles=options.role,
        agency=options.agency,
        customer=options.customer,
        by=operator(),
        now=clock.now(),
    )
    return _print_link(person.id)


def issue(options: argparse.Namespace) -> int:
    """Issue a link for an account that exists."""
    return _print_link(_known(options.email))


def suspend(options: argparse.Namespace) -> int:
    """Suspend a person from the machine itself."""
    accounts.suspend_person(
        person=_known(options.email), reason=options.reason, by=operator(), now=clock.now()
    )
    sys.stdout.write(f"{options.email} is suspended; their visits ended.\n")
    return 0


def matrix(_options: argparse.Namespace) -> int:
    """Print the page of permissions and roles."""
    sys.stdout.write(reference.as_markdown())
    return 0


def operator() -> Actor:
    """Return who sits at this machine's command line."""
    return Actor.operator(getpass.getuser(), frozenset(PERMISSIONS))


def _known(email: str) -> str:
    person = people.id_of(email)
    if not person:
        raise NoSuchPerson(f"No account has the address {email}.")
    return person


def _print_link(person: str) -> int:
    link = accounts.issue_link(person=person, by=operator(), now=clock.now())
    sys.stdout.write(
        f"{settings.PUBLIC_ADDRESS}/set-password/{link.token}/\n"
        f"Good once, until {link.expires_at:%Y-%m-%d %H:%M} UTC. Hand it over by a channel you trust.\n"
    )
    return 0
