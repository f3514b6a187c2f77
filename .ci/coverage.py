#!/usr/bin/env python3
"""Adds up cobertura files of several test projects and prints one line for each assembly.

Usage: coverage.py FOLDER [--bar ASSEMBLY=PERCENT ...]

A line or branch counts as covered if any project covered it. Of a line with branches the best single project counts, since the
files say how many branches were taken and not always which: so the figure is never too high. Ends with 1 if the branches of
an assembly with a bar are not above it, or if such an assembly is not there at all.
"""

import argparse
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import Path


class Coverage:
    """The lines and branches of one assembly, merged over files."""

    def __init__(self):
        self.hits = defaultdict(int)
        self.branches = {}

    def add(self, place, line):
        self.hits[place] = max(self.hits[place], int(line.get("hits")))
        counted = re.search(r"\((\d+)/(\d+)\)", line.get("condition-coverage") or "")
        if counted:
            taken, total = map(int, counted.groups())
            self.branches[place] = (max(taken, self.branches.get(place, (0, 0))[0]), total)

    @property
    def lines(self):
        return sum(1 for hits in self.hits.values() if hits), len(self.hits)

    @property
    def taken(self):
        return sum(t for t, _ in self.branches.values()), sum(n for _, n in self.branches.values())


def read(folder):
    assemblies = defaultdict(Coverage)
    for path in sorted(Path(folder).rglob("*cobertura*.xml")):
        root = ElementTree.parse(path).getroot()
        # File names are relative to the common folder of what a project touched, which differs from project to project.
        source = Path(next((s.text for s in root.iter("source") if s.text), "."))
        for package in root.iter("package"):
            for cls in package.iter("class"):
                # The lines stand under methods and once more under the class: the latter are all of them.
                for line in cls.findall("lines/line"):
                    place = (str(source / cls.get("filename")), int(line.get("number")))
                    assemblies[package.get("name")].add(place, line)
    return assemblies


def percent(part, whole):
    return 100.0 * part / whole if whole else 100.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("--bar", action="append", default=[], metavar="ASSEMBLY=PERCENT")
    arguments = parser.parse_args()

    assemblies = read(arguments.folder)
    if not assemblies:
        print(f"no coverage files in {arguments.folder}")
        return 1
    for name, coverage in sorted(assemblies.items()):
        (lines, all_lines), (branches, all_branches) = coverage.lines, coverage.taken
        print(
            f"{name:<22} lines {percent(lines, all_lines):5.1f} % ({lines}/{all_lines})"
            f"   branches {percent(branches, all_branches):5.1f} % ({branches}/{all_branches})"
        )

    code = 0
    for bar in arguments.bar:
        name, least = bar.split("=")
        covered = percent(*assemblies[name].taken) if name in assemblies else 0.0
        if covered <= float(least):
            print(f"{name} has {covered:.1f} % of its branches covered; more than {least} % are asked for")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
