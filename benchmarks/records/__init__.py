"""
Bars of the call-detail store (docs/reference/measurements.md holds what was measured).

make: days of made-up traffic with realistic skew, each a CSV.gz, loaded through the real load; the same rows on every machine.
b1:   one subscriber's 30 days through the store against a hand-written scan of the same rows without buckets; bytes read.
b2:   the same against PySpark local[2] on the very files that the store would read.
b3:   loading a day against PostgreSQL's COPY of the same rows + two btrees (under `python -m tests.postgres`).
b4:   purging days against removing the same files; bytes returned.
b5:   the same answers from DuckDB, from Spark (TECUM_TEST_SPARK, default local-cluster[2,1,1024]) and from a scan of the CSV files.
b6:   one subscriber's month in this store against that in one ten times smaller (--smaller, made before).
more: calls to a destination, 25 numbers at once, a dry run: through the store against DuckDB on the same files.

    python -m benchmarks.records make --rows 10000000
    python -m benchmarks.records b1 --rows 10000000

Everything lies under --folder (default /tmp/tecum-bench-records) and is kept for the next command. b2 and b5 need `tecum[spark]` and
Java 17; b1 scans with Polars where that is installed, otherwise with DuckDB, and says which.
"""
