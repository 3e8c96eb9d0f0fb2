"""Words of names and addresses in North America. A guide adds its own; these are nobody's in particular."""

LETTERS = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŋ": "n", "ŧ": "t",
}  # fmt: skip
UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
# Letters of other alphabets that look like Latin ones (a selection of Unicode's confusables, lower case).
LOOK_ALIKES = {
    "а": "a", "е": "e", "о": "o", "р": "p", "с": "c", "у": "y", "х": "x", "і": "i", "ј": "j", "ѕ": "s", "к": "k", "м": "m",
    "т": "t", "в": "b", "н": "h", "ԁ": "d", "ԛ": "q", "ԝ": "w", "һ": "h", "ӏ": "l",
    "α": "a", "ε": "e", "ι": "i", "κ": "k", "ν": "v", "ο": "o", "ρ": "p", "τ": "t", "υ": "u", "χ": "x", "ϲ": "c",
    "ɡ": "g", "ɑ": "a", "ո": "n", "օ": "o", "ս": "u", "ց": "g",
}  # fmt: skip
TITLES = frozenset(["mr", "mrs", "ms", "miss", "mx", "dr", "prof", "rev", "hon", "esq"])
RANKS = {
    "jr": "junior", "junior": "junior", "sr": "senior", "senior": "senior", "ii": "second", "2nd": "second",
    "iii": "third", "3rd": "third", "iv": "fourth", "4th": "fourth",
}  # fmt: skip
KINDS = {
    word: word
    for word in [
        "inc",
        "incorporated",
        "corp",
        "corporation",
        "co",
        "company",
        "llc",
        "llp",
        "lp",
        "lllp",
        "pllc",
        "plc",
        "pc",
        "pa",
        "ltd",
        "limited",
        "ltee",
        "gmbh",
        "ag",
        "sa",
        "srl",
        "bv",
        "nv",
        "holdings",
        "enterprises",
        "group",
        "associates",
        "assoc",
        "foundation",
        "trust",
    ]
}
BUSINESS = frozenset(KINDS)
PARTICLES = frozenset(
    [
        "de",
        "la",
        "del",
        "della",
        "di",
        "da",
        "do",
        "dos",
        "das",
        "du",
        "van",
        "von",
        "der",
        "den",
        "ter",
        "ten",
        "st",
        "saint",
        "mc",
        "mac",
        "o",
        "al",
        "el",
        "bin",
        "ibn",
        "ben",
        "le",
    ]
)
NICKNAMES = {
    short: full
    for full, shorts in {
        "robert": "bob rob bobby robbie bert", "william": "bill will billy liam", "richard": "dick rick rich ricky",
        "james": "jim jimmy jamie", "john": "jack johnny jon", "thomas": "tom tommy", "michael": "mike mick mickey",
        "joseph": "joe joey", "charles": "chuck charlie", "edward": "ed eddie ted ned", "daniel": "dan danny",
        "david": "dave", "anthony": "tony", "christopher": "chris", "matthew": "matt", "andrew": "andy drew",
        "steven": "steve", "stephen": "steve", "kenneth": "ken kenny", "gregory": "greg", "lawrence": "larry",
        "elizabeth": "liz beth betty lisa eliza", "margaret": "peggy maggie meg", "katherine": "kate kathy katie",
        "catherine": "cathy", "patricia": "pat patty trish", "jennifer": "jen jenny", "susan": "sue susie",
        "deborah": "deb debbie", "barbara": "barb", "rebecca": "becky", "alexander": "alex", "samuel": "sam",
        "benjamin": "ben", "nicholas": "nick", "timothy": "tim", "jose": "pepe", "francisco": "paco pancho",
        "guadalupe": "lupe", "ronald": "ron", "donald": "don", "jeffrey": "jeff", "peter": "pete", "frederick": "fred",
    }.items()
    for short in shorts.split()
}  # fmt: skip

STREETS = {
    short: full
    for full, shorts in {
        "street": "st str", "avenue": "ave av", "road": "rd", "boulevard": "blvd boul", "drive": "dr drv", "lane": "ln",
        "court": "ct", "circle": "cir", "place": "pl", "square": "sq", "terrace": "ter terr", "parkway": "pkwy pky",
        "highway": "hwy", "trail": "trl", "way": "wy", "route": "rte rt", "expressway": "expy", "crescent": "cres",
        "crossing": "xing", "heights": "hts", "plaza": "plz", "point": "pt", "turnpike": "tpke", "alley": "aly",
        "loop": "lp", "ridge": "rdg", "causeway": "cswy",
    }.items()
    for short in shorts.split()
}  # fmt: skip
DIRECTIONS = {
    "n": "north", "s": "south", "e": "east", "w": "west", "ne": "northeast", "nw": "northwest", "se": "southeast",
    "sw": "southwest",
}  # fmt: skip
ORDINALS = {
    "first": "1st", "second": "2nd", "third": "3rd", "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
    "eighth": "8th", "ninth": "9th", "tenth": "10th",
}  # fmt: skip
OTHERS = {"mt": "mount", "ft": "fort", "nyc": "new york city", "la": "la", "bldg": "building", "saint": "st"}
UNITS = frozenset(
    [
        "apt",
        "apartment",
        "unit",
        "suite",
        "ste",
        "rm",
        "room",
        "fl",
        "floor",
        "bldg",
        "building",
        "lot",
        "spc",
        "space",
        "trlr",
    ]
)
COUNTRIES = frozenset(["usa", "us", "canada"])
STATES = {
    full: short
    for short, full in (
        pair.split("=")
        for pair in [
            "al=alabama",
            "ak=alaska",
            "az=arizona",
            "ar=arkansas",
            "ca=california",
            "co=colorado",
            "ct=connecticut",
            "de=delaware",
            "fl=florida",
            "ga=georgia",
            "hi=hawaii",
            "id=idaho",
            "il=illinois",
            "in=indiana",
            "ia=iowa",
            "ks=kansas",
            "ky=kentucky",
            "la=louisiana",
            "me=maine",
            "md=maryland",
            "ma=massachusetts",
            "mi=michigan",
            "mn=minnesota",
            "ms=mississippi",
            "mo=missouri",
            "mt=montana",
            "ne=nebraska",
            "nv=nevada",
            "oh=ohio",
            "ok=oklahoma",
            "or=oregon",
            "pa=pennsylvania",
            "tn=tennessee",
            "tx=texas",
            "ut=utah",
            "vt=vermont",
            "va=virginia",
            "wa=washington",
            "wi=wisconsin",
            "wy=wyoming",
            "on=ontario",
            "qc=quebec",
        ]
    )
}
