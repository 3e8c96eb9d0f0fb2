"""Dimension 15: the stores of call-detail records, and how each switch writes its files."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Entry, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Number, Span, Unit, Zone

Leg = Literal["originating", "terminating", "forwarded", "roaming", "other"]
CallType = Literal["voice", "sms", "mms", "data", "dispatch", "voicemail", "other"]


@dataclass(frozen=True, kw_only=True)
class RecordStore(Entry):
    """`[[record_stores]]`: one kind of call-detail records, with a retention of its own."""

    name: str = need("Its name.", example="Toll records")
    products: tuple[str, ...] = maybe((), "The products that are answered from it.", ref="products")
    keeps: Span = need(
        "How long a record is kept at least; whole days are purged when their last record is older, the day being that of UTC.",
        example="18 months",
    )
    basis: str = maybe("", "The law or the reason.", example="47 CFR 42.6: 18 months")
    quiet: Span = maybe(
        Span(6, 6, Unit.HOUR),
        "The longest time in which all switches together may honestly write nothing; a longer silence counts as not covered.",
        example="1 hour",
    )


@dataclass(frozen=True, kw_only=True)
class Columns(Stated):
    """
    Which column of the file holds what. A list names what a column was called over the years: the one that the file has counts.

    Give `calling` and `called`; or, where the switch writes its own subscriber and "the other", `subscriber`, `other` and `leg`.
    """

    record_id: tuple[str, ...] = maybe(
        (), "What makes a record unique; several columns are put together. Left out, the record's contents do.",
        example='["SWITCH_ID", "SEQUENCE"]',
    )  # fmt: skip
    calling: tuple[str, ...] = maybe((), "Who called.", example='["CALLING_NUMBER", "A_NUMBER"]')
    called: tuple[str, ...] = maybe((), "Who was called.", example='["CALLED_NUMBER"]')
    subscriber: tuple[str, ...] = maybe((), "The carrier's own subscriber, whichever side that was.")
    other: tuple[str, ...] = maybe((), "The other side.")
    dialed: tuple[str, ...] = maybe((), "The digits as dialled, kept as they are.")
    start: tuple[str, ...] = need("When the call began.", example='["START_TIME"]')
    end: tuple[str, ...] = maybe((), "When it ended; checked against the duration where both are given.")
    duration: tuple[str, ...] = maybe((), "How long it lasted.")
    offset: tuple[str, ...] = maybe((), "The offset from UTC beside a local time.", example='["UTC_OFFSET"]')
    leg: tuple[str, ...] = maybe((), "The direction, as the switch sees it.")
    call_type: tuple[str, ...] = maybe((), "Voice, message or data.")
    switch: tuple[str, ...] = maybe((), "The switch that wrote the record.")
    first_cell: tuple[str, ...] = maybe((), "The cell in which it began.")
    last_cell: tuple[str, ...] = maybe((), "The cell in which it ended.")
    imei: tuple[str, ...] = maybe((), "The handset.")
    imsi: tuple[str, ...] = maybe((), "The SIM card.")
    charge: tuple[str, ...] = maybe((), "What the invoice asks for the call.")


@dataclass(frozen=True, kw_only=True)
class NumberPlan(Stated):
    """How a switch writes numbers. What cannot be read as a number is rejected, never guessed."""

    country_code: Literal["never", "always", "either"] = maybe(
        "either",
        "Whether numbers carry a country code without a sign before it: `always` reads 442079460100 as a number in Britain, "
        "`never` refuses 12925550142, `either` takes 2925550142 and 12925550142 for the same and refuses other lengths.",
    )
    international: tuple[str, ...] = maybe(
        ("011",), "What is dialled before a country code.", example='["011", "00"]'
    )
    home_area: str = maybe(
        "", "The area code that seven digits belong to; left out, seven digits are refused.", example="292"
    )
    nobody: tuple[str, ...] = maybe(
        ("", "ANONYMOUS", "PRIVATE", "UNKNOWN"),
        "What stands for a party that is not known; upper and lower case are the same.",
    )
    strip: tuple[str, ...] = maybe(
        (), "What is taken off the front of a number before it is read.", example='["*67", "tel:"]'
    )


@dataclass(frozen=True, kw_only=True)
class Believable(Stated):
    """When a file is not believed as a whole, because its format is probably not what the guide says."""

    clock_skew: Span = maybe(
        Span(5, 5, Unit.MINUTE), "So far ahead a switch's clock may be; a call later than that is rejected."
    )
    future: Number = maybe(
        Number("0.01"),
        "From this share of calls in the future on, the whole file is refused: its zone is wrong.",
        unit="share, 0 to 1",
    )
    rejected: Number = maybe(
        Number("0.05"), "From this share of bad rows on, the whole file is refused.", unit="share, 0 to 1"
    )
    mean_factor: int = maybe(
        20,
        "A mean duration so many times longer or shorter than that of the format's last files refuses a file: its unit is wrong.",
    )
    oldest: Span = maybe(
        Span(5, 5, Unit.YEAR), "A call older than this is rejected: the switch's clock went backwards."
    )


@dataclass(frozen=True, kw_only=True)
class SwitchFormat(Entry):
    """`[[switch_formats]]`: how one kind of switch, or the system behind it, writes its files. Files are UTF-8 or ASCII."""

    name: str = need("Its name.", example="Mobile switches, release 12")
    store: str = need("The store its records belong to.", ref="record_stores", example="toll")
    files: tuple[str, ...] = maybe(
        (),
        "Names of its files, with `*` and `?`; by them a file finds its format.",
        example='["MSC*.csv.gz"]',
    )
    delimiter: str = maybe(",", "What parts the columns of a CSV file; one character.", example="|")
    header: tuple[str, ...] = maybe(
        (), "The names of the columns, where the file's first line does not give them."
    )
    trailer: str = maybe(
        "",
        "How the last line begins, which says how many records the file holds in its second column.",
        example="TRAILER",
    )
    columns: Columns = need("Which column holds what.")
    times: str = maybe(
        "iso",
        "How times are written: `iso` (2026-01-31 09:00:00, with `T`, fractions or an offset), `epoch` seconds, `epoch_ms`, or a "
        "pattern of %Y %m %d %H %M %S %f %y %b %p %I.",
        example="%m/%d/%Y %I:%M:%S %p",
    )
    zone: Zone | None = maybe(
        None, "The zone of times without an offset; left out, the carrier's.", example="UTC"
    )
    repeated_hour: Literal["reject", "first", "second"] = maybe(
        "reject", "What a local time means that happens twice when summer time ends."
    )
    duration_unit: Literal["seconds", "milliseconds", "tenths", "minutes"] = maybe(
        "seconds", "The unit of the duration."
    )
    numbers: NumberPlan = maybe(NumberPlan(), "How numbers are written.")
    legs: dict[str, Leg] = maybe(
        {}, "What the switch's words for the direction mean; a word that is not here is rejected.",
        example='{ MO = "originating", MT = "terminating" }',
    )  # fmt: skip
    incoming: tuple[Leg, ...] = maybe(
        ("terminating",), "With `subscriber` and `other`: the directions in which the subscriber was called."
    )
    call_types: dict[str, CallType] = maybe(
        {},
        "What the switch's words for the type mean; a word that is not here is `other`.",
        example='{ 01 = "voice" }',
    )
    call_type: CallType = maybe("voice", "The type, where no column says it.")
    skip: dict[str, tuple[str, ...]] = maybe(
        {},
        "Rows that are no records, by column and value; they are left out and counted.",
        example='{ TYPE = ["HDR", "TRL"] }',
    )
    believable: Believable = maybe(Believable(), "When a file is not believed.")

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the format by itself."""
        found = [*super().faults()]
        sides = self.columns
        plain, own = (
            bool(sides.calling and sides.called),
            bool(sides.subscriber and sides.other and sides.leg),
        )
        if plain == own:
            found.append(f"'{self.id}' needs the columns calling and called, or subscriber, other and leg.")
        if not (sides.end or sides.duration):
            found.append(f"'{self.id}' needs the column end or the column duration.")
        if len(self.delimiter) != 1:
            found.append(f"The delimiter of '{self.id}' is one character.")
        if self.times not in {"iso", "epoch", "epoch_ms"} and not {"%Y", "%y"} & {
            self.times[i : i + 2] for i in range(len(self.times))
        }:
            found.append(f"The times of '{self.id}' name no year.")
        if self.numbers.home_area and not (
            len(self.numbers.home_area) == 3 and self.numbers.home_area.isdigit()
        ):
            found.append(f"The home area of '{self.id}' is three digits.")
        return tuple(found)
