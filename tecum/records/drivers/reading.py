"""
One file of a switch on its way into parts: read, checked, held against what the store has, sorted, written (in the worker).

Only what passes every check becomes a row; everything else is named with its line. Nothing that this process says or writes beside
the parts holds a telephone number.
"""

import csv
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tecum.records.drivers import sheet
from tecum.records.drivers.files import Look, look
from tecum.records.drivers.writing import Database, write_day
from tecum.records.rules.coverage import bits
from tecum.records.rules.reading import REASONS, CannotLoad, choose
from tecum.records.rules.zones import stretches

MOST_REJECTS = 1_000_000
SMALL = 200_000  # rows of one delivery and day up to which they stay together until the next compaction
Asking = Callable[[dict[str, Any]], dict[str, Any]]
Telling = Callable[..., None]


class Reading:
    """One file."""

    def __init__(self, job: Mapping[str, Any], db: Database, tell: Telling, ask: Asking) -> None:
        self.job, self.db, self.tell, self.ask = job, db, tell, ask
        self.spec: Mapping[str, Any] = job["spec"]
        self.path = Path(job["path"])
        self.name = str(job["name"])
        self.folder = Path(job["folder"])
        self.now, self.oldest, self.floor = (
            datetime.fromisoformat(self.spec[key]) for key in ("now", "oldest", "floor")
        )
        self.rejected: dict[str, int] = {}

    def run(self) -> dict[str, Any]:
        """Stage the file; return what it holds and which parts were written."""
        self.tell(stage="reading")
        seen = look(self.path, self.spec["delimiter"])
        told = self._whole(seen)
        given = self._texts(seen)
        self.tell(stage="checking")
        self._checked(given)
        self._within_the_file()
        counts = self._believed(seen, given, told)
        if counts["records"]:
            self._against_the_store()
        self._write_rejects()
        self._enough(counts)
        self.tell(stage="writing")
        parts, slots = self._write()
        return {
            "sha256": seen.sha256,
            "lines": counts["records"],
            "skipped": counts["skipped"],
            "rows": self._one("SELECT count(*) FROM good"),
            "known": self.known,
            "rejected": sum(self.rejected.values()),
            "reasons": self.rejected,
            "mean_ms": self._one("SELECT avg(duration_ms) FROM good"),
            "first": _iso(self._one("SELECT min(start_at) FROM good")),
            "last": _iso(self._one("SELECT max(start_at) FROM good")),
            "parts": parts,
            "slots": slots,
        }

    def _one(self, sql: str) -> Any:
        return self.db.execute(sql).fetchall()[0][0]

    # the file as a whole

    def _whole(self, seen: Look) -> int | None:
        """Refuse a file that was cut; return how many records its trailer says it holds."""
        if seen.kind == "parquet":
            return None
        trailer = self.spec["trailer"]
        if trailer:
            values = seen.last.split(self.spec["delimiter"])
            if not values[0].startswith(trailer) or len(values) < 2 or not values[1].strip().isdigit():
                raise CannotLoad(
                    f"{self.name} has no last line that begins with {trailer}: it was cut in the middle. Nothing was loaded."
                )
            return int(values[1])
        if not seen.ends:
            raise CannotLoad(
                f"{self.name} ends in the middle of line {seen.lines:,}: it was cut. Nothing was loaded. (A whole file ends with"
                " a line break.)"
            )
        return None

    def _texts(self, seen: Look) -> Mapping[str, Any]:
        """Make the table `texts`: every line that is no header, trailer or skipped row, cut into the fields of the format."""
        if seen.kind == "parquet":
            return self._parquet()
        header = list(self.spec["header"]) or seen.header
        chosen = choose(header, self.spec["columns"], name=self.name, form=self.spec["format"])
        skips = self._skips(header)
        first = 0 if self.spec["header"] else 1
        quoted = seen.quotes

        def value(at: int) -> str:
            plain = f"trim(v[{at}])"
            if not quoted:
                return plain
            return f"(CASE WHEN {plain} LIKE '\"%\"' AND length({plain}) > 1 THEN replace({plain}[2:-2], '\"\"', '\"') ELSE {plain} END)"

        trailer = (
            f"AND NOT starts_with(line, {sheet.text(self.spec['trailer'])})" if self.spec["trailer"] else ""
        )
        delimiter = sheet.text(self.spec["delimiter"])
        source = (
            f"read_csv({sheet.text(str(self.path))}, columns = {{'line': 'VARCHAR'}}, header = false, delim = '\x1e', quote = '',"
            " escape = '', comment = '', auto_detect = false, strict_mode = false, nullstr = '\x1d', max_line_size = 1000000,"
            f" compression = '{'gzip' if seen.kind == 'csv.gz' else 'none'}', store_rejects = true, rejects_limit = 0)"
        )
        fields = ", ".join(
            f"{_joined([value(at) for at in places])} AS f_{name}" for name, places in chosen.items()
        )
        skipped = " OR ".join(f"{value(at)} IN ({sheet.listed(values)})" for at, values in skips) or "false"
        self.db.execute(
            f"CREATE TABLE texts AS SELECT n AS line, len(v) AS width, {skipped} AS skipped, {fields} FROM ("
            f" SELECT n, string_split(rtrim(line, chr(13)), {delimiter}) AS v FROM (SELECT row_number() OVER () AS n, line FROM {source})"
            f" WHERE n > {first} {trailer})"
        )
        self.width = len(header)
        self._number_lines(seen)
        return chosen

    def _skips(self, header: list[str]) -> list[tuple[int, list[str]]]:
        found = choose(
            header, {name: [name] for name in self.spec["skip"]}, name=self.name, form=self.spec["format"]
        )
        return [(found[name][0], values) for name, values in self.spec["skip"].items()]

    def _number_lines(self, seen: Look) -> None:
        """Give rows the number of their line where the reader left lines out: blank ones, and those it could not decode."""
        broken = [row[0] for row in self.db.execute("SELECT DISTINCT line FROM reject_errors").fetchall()]
        out = sorted({*broken, *seen.blanks})
        self.broken = [(line, "encoding") for line in sorted(broken)]
        if not out:
            return
        self.db.execute("CREATE TABLE gaps (after BIGINT, shift BIGINT)")
        self.db.executemany(
            "INSERT INTO gaps VALUES (?, ?)", [(line - at, at) for at, line in enumerate(out, 1)]
        )
        self.db.execute(
            "CREATE OR REPLACE TABLE texts AS SELECT t.* REPLACE (t.line + coalesce(g.shift, 0) AS line)"
            " FROM texts AS t ASOF LEFT JOIN gaps AS g ON t.line > g.after"
        )

    def _parquet(self) -> Mapping[str, Any]:
        source = f"read_parquet({sheet.text(str(self.path))}, file_row_number = true)"
        header = [row[0] for row in self.db.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
        chosen = choose(header, self.spec["columns"], name=self.name, form=self.spec["format"])

        def value(at: int) -> str:
            return f'trim(CAST("{header[at - 1]}" AS VARCHAR))'

        skips = self._skips(header)
        skipped = " OR ".join(f"{value(at)} IN ({sheet.listed(values)})" for at, values in skips) or "false"
        fields = ", ".join(
            f"{_joined([value(at) for at in places])} AS f_{name}" for name, places in chosen.items()
        )
        self.width = len(header)
        self.broken = []
        self.db.execute(
            f"CREATE TABLE texts AS SELECT file_row_number + 1 AS line, {self.width} AS width, {skipped} AS skipped, {fields} FROM {source}"
        )
        return chosen

    # each record

    def _checked(self, given: Mapping[str, Any]) -> None:
        """Make the table `checked`: every record typed, with the first reason against it."""
        spec, plan = self.spec, self.spec["numbers"]
        a, b = ("f_calling", "f_called") if "calling" in given else ("f_subscriber", "f_other")
        offset = "f_offset" if "offset" in given else ""
        end = f", {sheet.wall('f_end', spec['times'], 'end', offset)}" if "end" in given else ""
        self.db.execute(
            f"CREATE TABLE walls AS SELECT *, {sheet.party(a, plan, 'p_a')}, {sheet.party(b, plan, 'p_b')},"
            f" {sheet.wall('f_start', spec['times'], 'start', offset)}{end}, {sheet.leg(spec, given)} AS w_leg,"
            f" {sheet.call_type(spec, given)} AS w_type FROM texts WHERE width = {self.width} AND NOT skipped"
        )
        zone = self._zone(given)
        calling, called = sheet.sides(spec, given)
        self.db.execute(
            f"CREATE TABLE checked AS SELECT * EXCLUDE (start_w, start_f), {self._reason(given)} AS reason FROM ("
            f" SELECT *, {sheet.record_id(given)} AS w_id FROM ("
            f" SELECT *, {calling} AS p_calling, {called} AS p_called, {sheet.duration(spec, given)} FROM (SELECT *, {zone} FROM walls)))"
        )
        self.db.execute("DROP TABLE walls")

    def _reason(self, given: Mapping[str, Any]) -> str:
        return sheet.reason(self.spec, given, self.now, self.oldest, self.floor)

    def _zone(self, given: Mapping[str, Any]) -> str:
        names = ["start", *(["end"] if "end" in given else [])]
        items = []
        for name in names:
            low, high = self.db.execute(
                f"SELECT min({name}_w), max({name}_w) FROM walls WHERE {name}_o IS NULL"
            ).fetchall()[0]
            found = []
            if low is not None:
                low, high = max(low, datetime(1990, 1, 1)), min(high, datetime(2100, 1, 1))  # noqa: DTZ001  wall-clock times
                found = stretches(
                    ZoneInfo(self.spec["zone"]), low, max(low, high), repeated=self.spec["repeated"]
                )
            items.append(sheet.instants(name, found))
        return ", ".join(items)

    def _within_the_file(self) -> None:
        """Take one of several records of the same id; others with the same contents are known, with other contents refused."""
        self.db.execute(
            "CREATE TABLE good AS SELECT "
            + sheet.output(self._given(), int(self.job["delivery"]))
            + " FROM checked WHERE reason IS NULL"
        )
        total, different = self.db.execute("SELECT count(*), count(DISTINCT record_id) FROM good").fetchall()[
            0
        ]
        self.known = 0
        self.repeats: list[tuple[int, str]] = []
        if total == different:
            return
        self.db.execute(
            "CREATE TABLE firsts AS SELECT record_id, min(line) AS line FROM good GROUP BY record_id HAVING count(*) > 1"
        )
        self._drop(
            "firsts AS f JOIN good AS h ON h.record_id = f.record_id AND h.line = f.line",
            "repeated",
            later="g.line > f.line",
        )

    def _drop(self, others: str, code: str, *, later: str = "true") -> None:
        """Take rows out of `good` that `others` (as h) already has; name those that differ."""
        same = (
            "g.calling = h.calling AND g.called = h.called AND g.start_at = h.start_at AND g.duration_ms = h.duration_ms"
            " AND g.call_type = h.call_type AND g.leg = h.leg"
        )
        self.db.execute(
            f"CREATE OR REPLACE TABLE twice AS SELECT g.line, bool_or({same}) AS same FROM {others} JOIN good AS g"
            f" ON g.record_id = h.record_id WHERE {later} GROUP BY g.line"
        )
        bad = self.db.execute("SELECT line FROM twice WHERE NOT same ORDER BY line").fetchall()
        self.repeats += [(row[0], code) for row in bad]
        self.known += int(self._one("SELECT count(*) FROM twice WHERE same"))
        self.db.execute("DELETE FROM good WHERE line IN (SELECT line FROM twice)")

    def _given(self) -> Mapping[str, Any]:
        given: Mapping[str, Any] = self.spec["columns"]
        return given

    def _against_the_store(self) -> None:
        """Take out what the parts of the same days and times already hold."""
        days = self.db.execute(
            "SELECT CAST(start_at AS DATE), min(start_at), max(start_at) FROM good GROUP BY 1 ORDER BY 1"
        ).fetchall()
        for day, first, last in days:
            files = self.ask({"need": [day.isoformat(), _iso(first), _iso(last)]})["files"]
            if files:
                held = (
                    f"(SELECT * FROM read_parquet([{sheet.listed(files)}]) WHERE start_at BETWEEN {sheet.stamp(first)} AND"
                    f" {sheet.stamp(last)}) AS h"
                )
                self._drop(held, "conflict", later=f"CAST(g.start_at AS DATE) = DATE '{day.isoformat()}'")

    # whether to believe it

    def _believed(self, seen: Look, given: Mapping[str, Any], told: int | None) -> dict[str, int]:
        lines, skipped, width = self.db.execute(
            f"SELECT count(*), count(*) FILTER (skipped), count(*) FILTER (NOT skipped AND width <> {self.width}) FROM texts"
        ).fetchall()[0]
        records = lines - skipped + len(self.broken)
        if told is not None and told != lines + len(self.broken):
            raise CannotLoad(
                f"{self.name} holds {lines + len(self.broken):,} records and its last line says {told:,}: it was cut, or put together"
                " wrongly. Nothing was loaded."
            )
        if not records:
            return {"records": 0, "skipped": skipped}
        self._zone_is_right(records)
        self._unit_is_right(given, records)
        self.rejected = dict(
            self.db.execute(
                "SELECT reason, count(*) FROM checked WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 2 DESC"
            ).fetchall()
        )
        if width:
            self.rejected["columns"] = width
        if self.broken:
            self.rejected["encoding"] = len(self.broken)
        return {"records": records, "skipped": skipped}

    def _zone_is_right(self, records: int) -> None:
        ahead, late = self.db.execute(
            f"SELECT count(*), max(start_u) FROM checked WHERE start_u > {sheet.stamp(self.now)} + to_seconds({int(self.spec['skew_s'])})"
        ).fetchall()[0]
        if ahead >= max(1, self.spec["future_share"] * records) and ahead > 1 and not self.job["believe"]:
            hours = (late - self.now.replace(tzinfo=None)).total_seconds() / 3600
            raise CannotLoad(
                f"{ahead / records:.1%} of the calls in {self.name} lie in the future, by up to {hours:.1f} hours: the zone of the"
                f" format '{self.spec['format']}' ({self.spec['zone']}) is probably not the switch's. Nothing was loaded."
            )

    def _unit_is_right(self, given: Mapping[str, Any], records: int) -> None:
        if self.job["believe"]:
            return
        if "end" in given and "duration" in given:
            n, factor = self.db.execute(
                "SELECT count(*), median(span_ms / told_ms) FROM checked WHERE reason = 'ends_otherwise' AND told_ms > 0"
            ).fetchall()[0]
            if n > self.spec["rejected_share"] * records and n > 1:
                raise CannotLoad(
                    f"In {n / records:.1%} of the records of {self.name} end and duration contradict each other (typically by a factor of"
                    f" {factor:.3g}): the format '{self.spec['format']}' says that durations are in {self.spec['unit']}. Nothing was loaded."
                )
        mean = self._one("SELECT avg(ms) FROM checked WHERE reason IS NULL")
        usual, most = self.spec["usual_ms"], self.spec["mean_factor"]
        if usual and mean and records >= 100 and not usual / most <= mean <= usual * most:
            raise CannotLoad(
                f"The calls in {self.name} last {mean / 1000:.0f} seconds on average; those of the last files of '{self.spec['format']}'"
                f" lasted {usual / 1000:.0f}. The unit of the durations ({self.spec['unit']}) is probably another now. Nothing was loaded;"
                " --believe loads it all the same."
            )

    def _enough(self, counts: Mapping[str, int]) -> None:
        bad = sum(self.rejected.values()) - self.rejected.get("expired", 0)
        if (
            counts["records"]
            and bad > self.spec["rejected_share"] * counts["records"]
            and not self.job["believe"]
        ):
            worst = max(self.rejected, key=lambda code: self.rejected[code])
            said = REASONS[worst].format(found="other than", expected=self.width)
            raise CannotLoad(
                f"{bad:,} of the {counts['records']:,} records of {self.name} are bad, more than {self.spec['rejected_share']:.1%}; most of"
                f" them: {said} Nothing was loaded; --believe loads the rest all the same. The lines are in {self.job['rejects']}."
            )

    def _write_rejects(self) -> None:
        """Write line and reason of every refused record; the contents stay where they are, in the file itself."""
        for _, code in self.repeats:
            self.rejected[code] = self.rejected.get(code, 0) + 1
        path = Path(self.job["rejects"])
        if not self.rejected:
            path.unlink(missing_ok=True)
            return
        rows: list[tuple[int, str, int | None]] = [(*row, None) for row in self.broken + self.repeats]
        rows += self.db.execute(
            f"SELECT line, reason, NULL FROM checked WHERE reason IS NOT NULL LIMIT {MOST_REJECTS}"
        ).fetchall()
        rows += self.db.execute(
            f"SELECT line, 'columns', width FROM texts WHERE width <> {self.width} AND NOT skipped LIMIT {MOST_REJECTS}"
        ).fetchall()
        with path.open("w", encoding="utf-8", newline="") as file:
            out = csv.writer(file)
            out.writerow(("file", "line", "rule", "reason"))
            for line, code, width in sorted(rows, key=lambda row: row[0]):
                out.writerow((self.name, line, code, REASONS[code].format(found=width, expected=self.width)))

    # what is kept

    def _write(self) -> tuple[list[dict[str, Any]], dict[str, str]]:
        self.db.execute("DROP TABLE checked")
        days: list[tuple[date, int]] = self.db.execute(
            "SELECT CAST(start_at AS DATE) AS d, count(*) FROM good GROUP BY 1 ORDER BY 1"
        ).fetchall()
        found: dict[str, list[int]] = {}
        for day, slot in self.db.execute(
            "SELECT DISTINCT CAST(start_at AS DATE), (hour(start_at) * 60 + minute(start_at)) // 5 FROM good"
        ).fetchall():
            found.setdefault(day.isoformat(), []).append(slot)
        parts: list[dict[str, Any]] = []
        for at, (day, rows) in enumerate(days):
            self.tell(stage="writing", share=at / len(days))
            parts += write_day(self.db, "good", day, self.folder, hot=rows <= SMALL, alone=len(days) == 1)
        return parts, {day: bits(slots) for day, slots in found.items()}


def _joined(values: list[str]) -> str:
    return values[0] if len(values) == 1 else f"concat_ws('-', {', '.join(values)})"


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
