"""Whether LibreOffice opens workbooks and finds the results that their formulas came with.

    python3 infra/tools/recompute.py report.xlsx ...

Each workbook is opened without the results, so that LibreOffice has to compute them; needs `soffice`.
"""

import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from xml.etree import ElementTree

NAMES = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
RESULT = re.compile(rb"(<f[^>]*>[^<]*</f>)<v>[^<]*</v>")


def is_sheet(name: str) -> bool:
    return name.startswith("xl/worksheets/sheet")


def without_results(workbook: Path, copy: Path) -> None:
    with zipfile.ZipFile(workbook) as source, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, RESULT.sub(rb"\1", content) if is_sheet(name) else content)


def results(workbook: Path) -> dict[tuple[str, str], str]:
    """The results of all formulas, by sheet and cell."""
    found = {}
    with zipfile.ZipFile(workbook) as archive:
        for sheet in filter(is_sheet, archive.namelist()):
            for cell in ElementTree.fromstring(archive.read(sheet)).iterfind(".//x:c", NAMES):
                if cell.find("x:f", NAMES) is not None:
                    found[sheet, cell.get("r", "")] = cell.findtext("x:v", "", NAMES)
    return found


def same(told: str, computed: str) -> bool:
    try:
        number = float(told)
        return abs(number - float(computed)) <= 1e-9 * max(1.0, abs(number))
    except ValueError:
        return told == computed


def main() -> int:
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        for workbook in map(Path, sys.argv[1:]):
            bare, opened = Path(folder, "bare.xlsx"), Path(folder, "opened")
            without_results(workbook, bare)
            convert = ["soffice", "--headless", "--convert-to", "xlsx", "--outdir", str(opened), str(bare)]
            subprocess.run(convert, check=True, capture_output=True, timeout=300)
            told, computed = results(workbook), results(opened / "bare.xlsx")
            wrong = [cell for cell, result in told.items() if not same(result, computed.get(cell, ""))]
            failures += len(wrong) + (not told)
            print(f"{workbook}: {len(told)} formulas, {len(wrong)} of them with other results {wrong[:5]}")
    return min(failures, 1)


if __name__ == "__main__":
    sys.exit(main())
