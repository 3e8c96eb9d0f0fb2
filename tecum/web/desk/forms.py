"""The forms of the desk."""

from typing import Any

from django import forms

from tecum.access.catalogue import ROLES
from tecum.accounts import states as people
from tecum.agencies import states as agencies
from tecum.customers import states as customers
from tecum.kernel import numbers

ANY = ("", "Any")


def _search(label: str) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={"type": "search"}))


class PeopleFilter(forms.Form):
    """Narrows the list of people; the address is the filter."""

    words = _search("Name or address")
    role = forms.ChoiceField(
        label="Role", required=False, choices=[ANY, *((role.name, role.title) for role in ROLES.values())]
    )
    standing = forms.ChoiceField(label="Standing", required=False, choices=[ANY, *people.standings()])


class AgencyFilter(forms.Form):
    """Narrows the directory."""

    words = _search("Name or mail domain")
    country = forms.ChoiceField(label="Country", required=False, choices=[ANY, *agencies.countries()])
    standing = forms.ChoiceField(label="Standing", required=False, choices=[ANY, *agencies.standings()])


class CustomerFilter(forms.Form):
    """Narrows the list of customers."""

    words = _search("Name or id")
    standing = forms.ChoiceField(label="Standing", required=False, choices=[ANY, *customers.standings()])


class CampaignFilter(forms.Form):
    """Narrows the campaign."""

    state = forms.ChoiceField(
        label="State",
        required=False,
        choices=[ANY, *((each.value, each.value.capitalize()) for each in customers.CampaignState)],
    )


class PersonFacts(forms.Form):
    """What is recorded of a person."""

    name = forms.CharField(label="Name", max_length=200)
    title = forms.CharField(label="Title", required=False, max_length=200)
    job_role = forms.ChoiceField(
        label="Job role",
        required=False,
        choices=[("", "None"), *people.job_roles()],
        help_text="For officers (R-008).",
    )
    phone = forms.CharField(label="Desk telephone", required=False, max_length=40)
    supervisor_name = forms.CharField(label="Supervisor", required=False, max_length=200)
    supervisor_email = forms.EmailField(label="Supervisor's e-mail", required=False)


class NewPerson(PersonFacts):
    """A new account."""

    email = forms.EmailField(
        label="E-mail address",
        help_text="The user name. An officer's lies in a domain verified for the agency.",
    )
    role = forms.ChoiceField(label="Role")
    agency = forms.ChoiceField(label="Agency", required=False, help_text="For officers and supervisors.")
    customer = forms.ChoiceField(label="Customer", required=False, help_text="For a customer's contact.")

    field_order = ("email", "name", "title", "role", "agency", "customer", "job_role")

    def __init__(
        self,
        *args: Any,
        grantable: list[str],
        agencies: dict[str, str],
        customers: dict[str, str],
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        _choices(self, "role", [(name, ROLES[name].title) for name in grantable])
        _choices(self, "agency", [("", "None"), *agencies.items()])
        _choices(self, "customer", [("", "None"), *customers.items()])


class NewRole(forms.Form):
    """A role for a person."""

    role = forms.ChoiceField(label="Role")

    def __init__(self, *args: Any, grantable: list[str], **more: Any) -> None:
        super().__init__(*args, **more)
        _choices(self, "role", [(name, ROLES[name].title) for name in grantable])


class AgencyFacts(forms.Form):
    """An agency's entry."""

    name = forms.CharField(label="Legal name", max_length=200)
    type = forms.ChoiceField(label="Type", choices=agencies.agency_types())
    country = forms.ChoiceField(label="Country", choices=agencies.countries())
    subdivision = forms.ChoiceField(
        label="State, territory or province",
        choices=[(name, list(places.items())) for name, places in (
            ("United States", agencies.SUBDIVISIONS[agencies.Country.US]),
            ("Canada", agencies.SUBDIVISIONS[agencies.Country.CA]),
        )],
    )  # fmt: skip
    address = forms.CharField(label="Street address", required=False, max_length=300)
    switchboard = forms.CharField(label="Main switchboard", required=False, max_length=40)
    ori = forms.CharField(label="ORI", required=False, max_length=9)


class NewAgency(AgencyFacts):
    """A new agency, with a mail domain that was verified to be its own."""

    domain = forms.CharField(label="Mail domain", required=False, max_length=253)
    how = forms.CharField(label="How the domain was verified", required=False, max_length=300)


class NewDomain(forms.Form):
    """A further mail domain."""

    domain = forms.CharField(label="Mail domain", max_length=253)
    how = forms.CharField(label="How it was verified to be the agency's", max_length=300)


class NewCallBack(forms.Form):
    """A number to call the agency back."""

    number = forms.CharField(label="Number", max_length=40)
    label = forms.CharField(label="Desk that answers", max_length=100)
    source = forms.CharField(
        label="Public source it was found in", help_text="Never the message itself.", max_length=300
    )


class CardFacts(forms.Form):
    """What officers are shown of a customer; all but the name may be empty (R-020)."""

    legal_name = forms.CharField(label="Legal name", max_length=200)
    address = forms.CharField(label="Business address", required=False, max_length=300)
    contact_person = forms.CharField(label="Contact person", required=False, max_length=200)
    phone = forms.CharField(label="Telephone", required=False, max_length=40)
    email = forms.EmailField(label="E-mail address", required=False)
    website = forms.CharField(label="Web site", required=False, max_length=200)


class NewCustomer(CardFacts):
    """A new customer."""

    id = forms.CharField(label="Customer id", help_text="As in the number inventory.", max_length=40)
    is_carrier = forms.BooleanField(label="It is itself a carrier (47 USC 222(b))", required=False)

    field_order = ("id", "is_carrier")


class Confirmed(forms.Form):
    """How a change of a card was confirmed."""

    how = forms.CharField(
        label="How it was confirmed",
        help_text="Whom you reached, by a channel known before this change: the number of the card in force.",
        max_length=300,
    )


class CampaignStep(forms.Form):
    """Something done to win a consent."""

    step = forms.ChoiceField(label="What was done", choices=customers.steps())
    text = forms.CharField(label="Note", required=False, max_length=500)
    remind_on = forms.DateField(
        label="Turn to it again on", required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text="Without a day: thirty days after asking.",
    )  # fmt: skip


BASIS_LABELS = {
    customers.Basis.CPNI_OPT_IN: "CPNI opt-in (47 USC 222(c)(1), 47 CFR 64.2007)",
    customers.Basis.CARRIER_INFORMATION: "Carrier information (47 USC 222(b)), where the customer is itself a carrier",
    customers.Basis.STORED_RECORDS: "Disclosure to a governmental entity (18 USC 2702(c)(2))",
}
SCOPE_LABELS = {
    customers.ConsentScope.ALL: "All numbers, now and later",
    customers.ConsentScope.RANGES: "The ranges listed below",
    customers.ConsentScope.ACCOUNT: "One account: its name and its ranges below",
}


class Ranges(forms.CharField):
    """Ranges of numbers, one on each line: a number, or two with `to` or a dash with spaces between them."""

    widget = forms.Textarea(attrs={"rows": 4, "class": "mono"})

    def clean(self, value: Any) -> list[tuple[str, str]]:
        """
        Read the lines.

        :raises forms.ValidationError: naming the line that cannot be read
        """
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        return [self._read(line) for line in lines]

    @staticmethod
    def _read(line: str) -> tuple[str, str]:
        first, between, last = line.partition(" to ") if " to " in line else line.partition(" - ")
        try:
            start = numbers.read(first)
            return start, numbers.read(last) if between else start
        except numbers.NotANumber as reason:
            raise forms.ValidationError(f"“{line}”: {reason.reason}") from reason


class ConsentTerms(forms.Form):
    """What a customer consents to, and for which numbers."""

    bases = forms.MultipleChoiceField(  # nothing chosen beforehand: an opt-in is a person's own act
        label="Bases",
        choices=list(BASIS_LABELS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    scope = forms.ChoiceField(label="Numbers", choices=list(SCOPE_LABELS.items()), widget=forms.RadioSelect)
    account = forms.CharField(label="Account", required=False, max_length=40)
    ranges = Ranges(
        label="Ranges, one on each line",
        required=False,
        help_text="For example: 292-555-0100 to 292-555-0149",
    )
    good_until = forms.DateField(
        label="Good until, not including this day",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    signer_name = forms.CharField(label="Given by (name)", max_length=200)
    signer_title = forms.CharField(label="Title", max_length=200)


class RecordedConsent(ConsentTerms):
    """A consent that reached the carrier on paper or by word."""

    medium = forms.ChoiceField(
        label="How it was given", choices=[("written", "On paper"), ("oral", "By word, taken down")]
    )
    document = forms.FileField(
        label="The document",
        help_text="The signed page, or the note of who took it down and when. PDF, PNG, JPEG or text, up to 5 MB.",
    )

    field_order = ("medium", "document")


def _choices(form: forms.Form, name: str, choices: list[tuple[str, str]]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
    field.choices = choices


class SeenFiles(forms.Form):
    """Which content of the guide's files the person saw when they decided."""

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)
