"""A table is read exactly, or refused with the line: never silently wrong."""

import csv
import gzip
import io
import itertools
import time
import zipfile

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrstudio.core.datasets.own import Reading
from lrstudio.storage.csv_reading import LARGEST_BYTES, Found, NotTable, Wishes, read, reading
from lrstudio.storage.csv_reading.reading import as_read
from lrstudio.storage.csv_reading.records import Stopped

ENCODINGS = {
    "utf-8": ("utf-8", b""),
    "utf-8 with mark": ("utf-8", b"\xef\xbb\xbf"),
    "utf-16 little": ("utf-16-le", b"\xff\xfe"),
    "utf-16 big": ("utf-16-be", b"\xfe\xff"),
    "windows-1252": ("cp1252", b""),
}
SEPARATORS = (",", ";", "\t", "|", " ")
LINE_ENDS = ("\n", "\r\n", "\r")
LENGTHS = [5.1, 4.9, -4.75, 0.5, 1e-7, 120.25, 7.0, 3.25]
COUNTS = [1, 20, 3, 4, 500, 6, 7, 8]
KINDS = ["größe", "form", "größe", "form", "form", "größe", "form", "form"]
HEADER = ["länge", "anzahl", "art"]


def table_text(separator: str, decimal: str, line_end: str, has_header: bool = True) -> str:
    """The table as programs write it, with quotes where a cell holds the separator."""
    rows = [
        [repr(length).replace(".", decimal), str(count), kind]
        for length, count, kind in zip(LENGTHS, COUNTS, KINDS, strict=True)
    ]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=line_end)
    writer.writerows([HEADER, *rows] if has_header else rows)
    return out.getvalue()


def values(found: Found) -> list[list[object]]:
    """The columns as numbers and texts."""
    assert [c.problem for c in found.sheet.columns] == [""] * len(found.sheet.columns)
    return [
        [c.categories[int(v)] if c.categories else v for v in c.values.tolist()]
        for c in found.sheet.columns
    ]


def refusal(data: bytes | str, wishes: Wishes | None = None) -> str:
    with pytest.raises(NotTable) as caught:
        read(data if isinstance(data, bytes) else data.encode(), wishes or Wishes())
    return str(caught.value)


def problem(text: str, column: str, wishes: Wishes | None = None) -> str:
    return read(text.encode(), wishes or Wishes()).sheet.column(column).problem


@pytest.mark.parametrize("has_header", [True, False])
@pytest.mark.parametrize("line_end", LINE_ENDS, ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_combination_is_recognised(encoding, separator, decimal, line_end, has_header):
    codec, mark = ENCODINGS[encoding]
    data = mark + table_text(separator, decimal, line_end, has_header).encode(codec)
    found = read(data)
    assert values(found) == [LENGTHS, COUNTS, KINDS]
    assert found.doubt == ""
    assert found.reading == Reading(
        encoding=encoding.split()[0],
        separator=separator,
        decimal=decimal,
        has_header=has_header,
    )
    names = HEADER if has_header else ["column_1", "column_2", "column_3"]
    assert list(found.sheet.names) == names
    assert found.sheet.lines.tolist() == list(range(1 + has_header, 9 + has_header))
    assert values(read(data, as_read(found.reading))) == values(found)


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize(("decimal", "other"), [(".", ","), (",", ".")])
def test_the_wrong_decimal_mark_is_refused_with_the_line(separator, decimal, other):
    text = table_text(separator, decimal, "\n")
    told = problem(text, "länge", Wishes(separator=separator, decimal=other))
    assert told.startswith("line 2, column 'länge': '5")
    assert f"choose {decimal!r}" in told


def test_windows_text_says_why_it_was_taken_for_that():
    found = read("länge,b\n1,2\n".encode("cp1252"))
    assert found.notes == ("Not UTF-8 (line 1 has 'ä'), so taken for Windows-1252.",)


def test_another_encoding_can_be_said():
    data = "x,y\n1,é\n2,a\n".encode("latin-1")
    assert read(data, Wishes(encoding="latin-1")).reading.encoding == "latin-1"
    assert refusal(data, Wishes(encoding="utf-8")).startswith("line 2 is not text in UTF-8")
    assert "UTF-16" in refusal(b"a,b\n1,2\n3", Wishes(encoding="utf-16"))


@pytest.mark.parametrize(
    ("text", "separator", "decimal"),
    [
        ("1,5;2,5\n3,5;4,5\n", ";", ","),
        ("1.5,2.5\n3.5,4.5\n", ",", "."),
        ("1,5 2,5\n3,5 4,5\n", " ", ","),
        ("1, 2, 3\n4, 5, 6\n", ",", "."),
        ("a b,c d\n1.5,2\n2.5,3\n", ",", "."),
        ("when,y\n2024-01-01 10:00,1.5\n2024-01-02 11:00,2.5\n", ",", "."),
        ("  1.5   2.5 \n  3.5   4.5 \n", " ", "."),
        ('"a;b","c"\n"1;2","3"\n"x;y","4"\n', ",", "."),
    ],
)
def test_what_misleads_others_is_recognised(text, separator, decimal):
    found = read(text.encode()).reading
    assert (found.separator, found.decimal) == (separator, decimal)


@pytest.mark.parametrize("cell", ["1.000,5", "1,000.5", "1.000.000", "1 000,5", "1'000.5"])
def test_marks_between_thousands_are_refused_with_the_line(cell):
    told = problem(f'x;y\n1;2\n"{cell}";3\n4;5\n', "x", Wishes(separator=";"))
    assert told.startswith("line 3, column 'x'")
    assert "thousands" in told


@pytest.mark.parametrize("cell", ["1.000", "12.500", "1,000", "-999,999"])
def test_a_mark_that_may_mean_two_things_has_to_be_decided(cell):
    text = f"x;y\n7;2\n{cell};3\n".encode()
    assert read(text).doubt.startswith(f"line 3: {cell!r} may be ")
    mark = "." if "." in cell else ","
    decided = read(text, Wishes(decimal=mark))
    assert decided.doubt == ""
    assert decided.sheet.column("x").values.tolist() == [7, float(cell.replace(",", "."))]
    other = "," if mark == "." else "."
    assert "thousands" in problem(text.decode(), "x", Wishes(decimal=other))


@pytest.mark.parametrize(
    "rows",
    [
        ["-0,70 red", "0,34 blue", "-0,59 red", "1,25 green"],
        ["7,353e-02 red 6,585e-01", "7,382e-02 blue -3,620e-01"],
    ],
)
def test_commas_that_may_be_decimal_marks_between_blanks_have_to_be_decided(rows):
    text = "\n".join(rows).encode()
    found = read(text)
    assert found.asks == "separator"
    assert found.doubt.startswith("line 1 may be separated by its commas, or by its spaces ")
    for separator in (" ", ","):
        decided = read(text, Wishes(separator=separator))
        assert (decided.doubt, decided.asks) == ("", "")
    column = read(text, Wishes(separator=" ")).sheet.columns[0]
    assert column.values.tolist() == [float(row.split()[0].replace(",", ".")) for row in rows]


@pytest.mark.parametrize("text", ["a,x\n1,12 Main St\n2,7 High Rd\n", "1,x y\n2,x\n", "1,2\n3,4\n"])
def test_commas_are_not_doubted_where_blanks_part_no_table(text):
    assert read(text.encode()).doubt == ""


@pytest.mark.parametrize("plain", ["0.125", "1.5", "12.5000", "1000.250"])
def test_other_cells_decide_what_a_mark_means(plain):
    found = read(f"x;y\n1.000;2\n{plain};3\n".encode())
    assert found.doubt == ""
    assert found.sheet.column("x").values.tolist() == [1.0, float(plain)]


def test_between_commas_a_dot_is_the_decimal_mark():
    found = read(b"x,y\n1.234,2.345\n5.678,6.789\n")
    assert found.doubt == ""
    assert found.sheet.column("x").values.tolist() == [1.234, 5.678]


def test_ragged_lines_are_named():
    told = refusal("a,b,c\n1,2,3\n4,5\n6,7,8,9\n1,2,3\n")
    assert told.startswith("expected 3 cells in each line (separated by comma)")
    assert "line 3 has 2, line 4 has 4" in told
    assert "and 7 more lines" in refusal("a,b\n" + "1,2\n" * 20 + "1\n" * 10)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("abc", "expected a number, got 'abc'"),
        ("1_000", "expected a number, got '1_000'"),
        ("١٢", "expected a number"),
        ("inf", "'inf' is not finite"),
        ("-Infinity", "is not finite"),
        ("1e999", "too large"),
        ("5%", "got '5%'"),
        ("1.2.2024", "got '1.2.2024'"),
    ],
)
def test_what_is_no_number_is_named_by_line_and_column(cell, why):
    told = problem(f"x,y\n1,2\n3,{cell}\n4,5\n6,{cell}\n7,8\n9,9\n", "y")
    assert told.startswith("line 3, column 'y': ")
    assert why in told
    assert told.endswith("(1 more like it)")


def test_a_line_is_that_of_the_file_whatever_stands_before():
    told = problem('x,y\n\n1,2\n"3\n4",5\n\n6,abc\n7,8\n', "y")
    assert told.startswith("line 7, column 'y'")


def test_missing_values_are_known_by_their_signs():
    found = read(b"x,y\n1,a\n,b\nNA,?\nNaN,null\n2,a\n")
    assert [c.missing for c in found.sheet.columns] == [3, 2]
    assert found.sheet.column("y").categories == ("a", "b")


def test_names_are_made_where_they_are_missing_or_stand_twice():
    found = read(b"a,,a,b,a\n1,2,3,4,5\n6,7,8,9,0\n")
    assert found.sheet.names == ("a", "column_2", "a_2", "b", "a_3")
    assert found.notes == (
        "Without a name and so called column_2.",
        "Names that stand twice are numbered: a_2, a_3.",
    )


def test_a_separator_at_the_end_of_each_line_makes_no_column():
    found = read(b"a;b;\n1;2;\n3;4;\n")
    assert found.sheet.names == ("a", "b")
    assert "1 column without name and values left out." in found.notes


def test_texts_are_headed_only_by_what_is_no_value():
    assert read(b"name,kind\nanna,x\nbert,y\n").reading.has_header
    assert not read(b"x,anna\nx,bert\ny,bert\n").reading.has_header
    assert read(b"1,2\n3,4\n", Wishes(has_header=True)).sheet.names == ("1", "2")


def test_a_name_beside_numbers_has_to_be_decided():
    found = read(b"2019,2020,kind\n1,2,a\n3,4,b\n5,6,b\n7,8,a\n")
    assert (found.asks, found.reading.has_header) == ("has_header", False)
    assert found.doubt.startswith("line 1 may name the columns: 'kind' stands in no other line; ")
    for known in (True, False):
        told = read(b"2019,2020,kind\n1,2,a\n3,4,b\n5,6,b\n7,8,a\n", Wishes(has_header=known))
        assert (told.doubt, told.asks, told.sheet.rows) == ("", "", 4 + (not known))
    for plain in (b"1,2,a\n1,2,a\n3,4,b\n5,6,b\n7,8,a\n", b"1,2,c\n1,2,a\n3,4,b\n5,6,b\n7,8,d\n"):
        assert read(plain).doubt == ""


@pytest.mark.parametrize("note", ["sep=;", '"SEP=;"'])
def test_what_spreadsheets_say_of_the_separator_is_no_row(note):
    found = read(f"{note}\r\nname;x,y\r\na;1,5\r\nb;2\r\n".encode())
    assert found.sheet.names == ("name", "x,y")
    assert found.sheet.lines.tolist() == [3, 4]
    assert found.sheet.columns[1].values.tolist() == [1.5, 2]
    assert read(f"{note}\nx\n1\n".encode(), Wishes(separator=",")).sheet.names == ("x",)
    assert "sep=" in read(b"sep=,b\n1,2\n").sheet.names


def test_too_many_texts_are_no_categories():
    rows = "".join(f"{n},person {n}\n" for n in range(300))
    assert "got 300" in problem(f"x,name\n{rows}", "name")
    long = "".join(f"{n},{'word ' * 100}\n" for n in range(3))
    assert "short texts" in problem(f"x,name\n{long}", "name")


def excel_workbook() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>" * 2000)
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        (b" \n\r\n ", "it is empty"),
        (b"\xef\xbb\xbf", "it is empty"),
        (b"\xff\xfe", "it is empty"),
        (b"\xff\xfea", "not text in UTF-16"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "it is a PNG picture, not a table of text"),
        (b"%PDF-1.7 ...", "it is a PDF document"),
        (gzip.compress(b"a,b\n1,2\n", mtime=0), "unpack it first"),
        (excel_workbook(), "it is an Excel workbook; export the sheet as CSV"),
        (b"PK\x03\x04" + bytes(100), "it is a compressed file (zip)"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "an old Excel workbook; export the sheet as CSV"),
        (b"a,b\n1,2\n3,\x00\n", "line 3 holds a null byte"),
        (b"a,b\r1,2\r3,\x00\r", "line 3 holds a null byte"),
        (b"a,b", "no rows below"),
        (b'a,b\n1,2\n"3,4\n5,6\n', "line 3 opens a quote that is never closed"),
        (b'a,b\n1,2\n"3"x,4\n', "line 3 has text behind a closing quote"),
        (b"a,b\n1," + b"9" * 200_000, "100,000 characters"),
        (b"1.5," * 1_499 + b"1\n2,3,4\n", "line 1 has 1,500 columns; expected at most 1,000"),
        (b"1,5;" * 1_499 + b"1\n2;3\n", "line 1 has 1,500 columns; expected at most 1,000"),
        (b"1," * 1_000_000 + b"1\n", "line 1 has 1,000,001 columns; expected at most 1,000"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(data, words):
    assert words in refusal(data)


def test_a_large_file_is_refused_by_its_size():
    assert refusal(b" " * (LARGEST_BYTES + 1)).startswith("it is larger than 50 MB")


def test_too_many_rows_are_refused_with_the_line(monkeypatch):
    assert reading.MOST_ROWS == 1_000_000
    monkeypatch.setattr(reading, "MOST_ROWS", 1_000)
    rows = b"1,2\n" * 1_000
    assert read(b"x,y\n" + rows).sheet.rows == 1_000
    assert "more than 1,000 rows (line 1,002)" in refusal(b"x,y\n" + rows + b"1,2\n")


def test_formulas_of_spreadsheets_are_texts():
    found = read(b"x,y\n1,=cmd|'/c calc'!A1\n2,@SUM(A1)\n3,+1+1\n4,-2\n")
    column = found.sheet.column("y")
    assert column.kind == "category"
    assert "=cmd|'/c calc'!A1" in column.categories


def test_reading_stops_when_nobody_waits():
    with pytest.raises(Stopped):
        read(b"1,2\n" * 50_000, wanted=lambda: False)


NUMBERS = st.one_of(
    st.integers(-(10**6), 10**6).map(float),
    st.floats(-1e12, 1e12, allow_nan=False),
    st.integers(-9999, 9999).map(lambda n: n / 8),
    st.integers(0, 10**6).map(lambda n: n / 1000),
)
TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp", "Nd"]), min_size=1, max_size=8
).filter(lambda text: any(c.isalpha() for c in text))


def encoded(rows: list[list[float | str]], separator: str, decimal: str, line_end: str) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=separator, lineterminator=line_end)
    for row in rows:
        cells = [repr(c).replace(".", decimal) if isinstance(c, float) else c for c in row]
        writer.writerow([cell.removesuffix(f"{decimal}0") for cell in cells])
    return out.getvalue().encode()


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(NUMBERS, NUMBERS, TEXTS), min_size=1, max_size=12),
    st.sampled_from(SEPARATORS),
    st.sampled_from(".,"),
    st.sampled_from(LINE_ENDS),
)
def test_what_is_written_is_read_exactly(rows, separator, decimal, line_end):
    data = encoded([["p", "q", "r"], *map(list, rows)], separator, decimal, line_end)
    found = read(data, Wishes("utf-8", separator, decimal, has_header=True))
    for column, cells in zip(found.sheet.columns[:2], zip(*rows, strict=True), strict=False):
        assert column.problem == ""
        assert column.values.tolist() == list(cells)


@settings(max_examples=300, deadline=None)
@given(
    st.integers(2, 4).flatmap(
        lambda width: st.lists(st.tuples(*[NUMBERS] * width), min_size=3, max_size=12)
    ),
    st.sampled_from(SEPARATORS),
    st.sampled_from(".,"),
    st.booleans(),
)
def test_numbers_are_recognised_or_refused_but_never_others(rows, separator, decimal, has_header):
    header = [[f"c{i}" for i in range(len(rows[0]))]] if has_header else []
    data = encoded([*header, *map(list, rows)], separator, decimal, "\n")
    try:
        found = read(data)
    except NotTable:
        return
    if found.doubt or any(column.problem for column in found.sheet.columns):
        return
    read_rows = list(zip(*(c.values.tolist() for c in found.sheet.columns), strict=True))
    assert read_rows == rows


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.text('0129.,;|\t "\n\rabE-+é', max_size=120)))
def test_anything_is_read_or_refused_in_a_sentence(content):
    data = content if isinstance(content, bytes) else content.encode()
    try:
        found = read(data)
    except NotTable:
        return
    assert found.sheet.rows > 0
    assert len(set(found.sheet.names)) == len(found.sheet.names)
    for column in found.sheet.columns:
        assert column.values.shape == (found.sheet.rows,)
        assert not np.isinf(column.values).any()


@pytest.mark.benchmark
def test_two_million_cells_take_a_few_seconds():
    random = np.random.default_rng(0)
    rows = random.standard_normal((100_000, 20)).round(6).tolist()
    lines = [",".join(map(repr, row)) for row in rows]
    data = "\n".join([",".join(f"c{i}" for i in range(20)), *lines]).encode()
    began = time.perf_counter()
    found = read(data)
    assert time.perf_counter() - began < 5
    assert found.sheet.rows == 100_000


def test_all_line_ends_may_be_mixed():
    text = "".join(
        f"{a},{b}{end}" for (a, b), end in zip([(1, 2), (3, 4), (5, 6)], itertools.cycle(LINE_ENDS))
    )
    assert read(text.encode()).sheet.lines.tolist() == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "has_header"),
    [
        ("a,2019\n1,2\n3,4\n", True),
        ("land,2019\nx,2\ny,4\n", False),  # may be either: what is shown before can be corrected
        ("a,b\n,\n1,2\n", True),
        (",\n1,2\n", False),
    ],
)
def test_a_header_is_told_by_texts_above_numbers(text, has_header):
    assert read(text.encode()).reading.has_header == has_header


def test_a_line_of_millions_of_cells_is_not_even_taken_apart():
    began = time.perf_counter()
    told = refusal(b"a,b\n" + b"," * 20_000_000)
    assert "line 2 has 20,000,001 columns; expected at most 1,000" in told
    assert time.perf_counter() - began < 5
