"""The standing of an agency, and what kinds of agencies and countries there are."""

from enum import StrEnum


class Standing(StrEnum):
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"


NEXT: dict[Standing, frozenset[Standing]] = {
    Standing.ACTIVE: frozenset({Standing.SUSPENDED}),
    Standing.SUSPENDED: frozenset({Standing.ACTIVE}),
}


class AgencyType(StrEnum):
    """The types of the application form (decision A5)."""

    FEDERAL = "federal"
    STATE = "state"
    COUNTY = "county"
    MUNICIPAL = "municipal"
    TRIBAL = "tribal"
    MILITARY = "military"
    PROVINCIAL = "provincial"
    OTHER = "other"


class Country(StrEnum):
    """Agencies of other countries are refused (R-001, R-004)."""

    US = "US"
    CA = "CA"


SUBDIVISIONS: dict[Country, dict[str, str]] = {
    Country.US: {
        "AL": "Alabama", "AK": "Alaska", "AZ": "Arizona", "AR": "Arkansas", "CA": "California", "CO": "Colorado",
        "CT": "Connecticut", "DE": "Delaware", "DC": "District of Columbia", "FL": "Florida", "GA": "Georgia",
        "HI": "Hawaii", "ID": "Idaho", "IL": "Illinois", "IN": "Indiana", "IA": "Iowa", "KS": "Kansas",
        "KY": "Kentucky", "LA": "Louisiana", "ME": "Maine", "MD": "Maryland", "MA": "Massachusetts",
        "MI": "Michigan", "MN": "Minnesota", "MS": "Mississippi", "MO": "Missouri", "MT": "Montana",
        "NE": "Nebraska", "NV": "Nevada", "NH": "New Hampshire", "NJ": "New Jersey", "NM": "New Mexico",
        "NY": "New York", "NC": "North Carolina", "ND": "North Dakota", "OH": "Ohio", "OK": "Oklahoma",
        "OR": "Oregon", "PA": "Pennsylvania", "RI": "Rhode Island", "SC": "South Carolina", "SD": "South Dakota",
        "TN": "Tennessee", "TX": "Texas", "UT": "Utah", "VT": "Vermont", "VA": "Virginia", "WA": "Washington",
        "WV": "West Virginia", "WI": "Wisconsin", "WY": "Wyoming", "AS": "American Samoa", "GU": "Guam",
        "MP": "Northern Mariana Islands", "PR": "Puerto Rico", "VI": "U.S. Virgin Islands",
    },
    Country.CA: {
        "AB": "Alberta", "BC": "British Columbia", "MB": "Manitoba", "NB": "New Brunswick",
        "NL": "Newfoundland and Labrador", "NS": "Nova Scotia", "NT": "Northwest Territories", "NU": "Nunavut",
        "ON": "Ontario", "PE": "Prince Edward Island", "QC": "Quebec", "SK": "Saskatchewan", "YT": "Yukon",
    },
}  # fmt: skip


def standings() -> list[tuple[str, str]]:
    """Return the choices of the column; a function, so that a new state writes no migration."""
    return [(each.value, each.value.capitalize()) for each in Standing]


def agency_types() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(each.value, each.value.capitalize()) for each in AgencyType]


def countries() -> list[tuple[str, str]]:
    """Return the choices of the column."""
    return [(Country.US, "United States"), (Country.CA, "Canada")]
