"""Every finding's code and sentence, once. A code is stable: settings, archives and documents rest on it.

A finding reads ``file > Sheet!Cell: what was found; what is needed. What was done. What to type next.``
The sentence's ``{names}`` are filled from ``Finding.values``; ``{n}`` is always its count,
and ``[cell|cells]`` the word for one or for many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_ONE_OR_MANY = re.compile(r"\[([^]|]*)\|([^]|]*)\]")


class Weight(StrEnum):
    """How much a finding matters."""

    CONFLICT = "conflict"  # the sheet contradicts itself
    MISSING = "missing"  # something could not be assessed
    ASSUMED = "assumed"  # read in one way where others are possible
    NOTE = "note"  # good to know


@dataclass(frozen=True, slots=True)
class Message:
    """A finding's words: ``title`` heads the group, ``text`` says what was found and done, ``remedy`` what to do."""

    title: str
    text: str
    remedy: str
    weight: Weight


def _m(title: str, text: str, remedy: str, weight: Weight) -> Message:
    return Message(title, text, remedy, weight)


CATALOGUE: dict[str, Message] = {
    # intake: the file
    "file-named-otherwise": _m(
        "Named as another kind of file",
        "The file is {note}. It was read as what it is.",
        "Give the file the ending of its kind",
        Weight.NOTE,
    ),
    "encoding-guessed": _m(
        "Encoding guessed",
        "The text does not say how its letters are encoded; it was read as {encoding}.",
        "Check names with accents; save the file as UTF-8 if they look wrong",
        Weight.ASSUMED,
    ),
    "rows-ragged": _m(
        "Rows with more or fewer fields",
        "{n} [row|rows] [has|have] more or fewer fields than the others ({usual}). Nothing was moved: check that their "
        "values stand "
        "under the right headers.",
        "Export the file again with every text in quotes, or as .xlsx",
        Weight.CONFLICT,
    ),
    "rows-at-old-limit": _m(
        "Full to the limit of .xls",
        'The sheet "{sheet}" has all 65,536 rows that an .xls can hold: rows may be missing at the source.',
        "Export the inventory as .xlsx or .csv",
        Weight.CONFLICT,
    ),
    "values-may-be-stale": _m(
        "Calculation is manual",
        'The workbook is set to calculate by hand or when opened; the values stored last in "{sheet}" were used.',
        "Open it in Excel, calculate (F9) and save",
        Weight.ASSUMED,
    ),
    "active-content": _m(
        "Macros, links and other active content",
        "The workbook holds {features}. Nothing of it was run or fetched.",
        "Nothing, if it comes from where you trust",
        Weight.NOTE,
    ),
    "formulas-outward": _m(
        "Formulas that lead outside",
        "{n} [formula|formulas] [asks|ask] for something outside the workbook, or [leads|lead] there: {functions}. "
        "[It was|They were] not evaluated: what was stored last was read, and the copy keeps [it|them] unchanged.",
        "Nothing, if it comes from where you trust",
        Weight.NOTE,
    ),
    "sheets-hidden": _m(
        "Hidden sheets",
        "{n} hidden [sheet|sheets] [was|were] not read: {sheets}.",
        "Name one with --sheet to read it",
        Weight.NOTE,
    ),
    "sheet-chosen": _m(
        "One sheet of several",
        'The sheet "{sheet}" was read; {others} also have a table.',
        "Name another with --sheet",
        Weight.ASSUMED,
    ),
    "sheets-joined": _m(
        "Sheets read as one",
        "{n} [sheet|sheets] [has|have] the same headers and [was|were] read as one table: {sheets}.",
        "Name one with --sheet to read it alone",
        Weight.ASSUMED,
    ),
    # intake: the table
    "rows-set-aside": _m(
        "Rows set aside",
        '{n} [row|rows] under the header [was|were] read as "{reason}" and left out, the first "{text}".',
        "Nothing, if they are no tasks",
        Weight.NOTE,
    ),
    "rows-blank": _m(
        "Blank rows",
        "{n} blank [row|rows] among the tasks [was|were] skipped. Row numbers are those of the sheet.",
        "Nothing to do",
        Weight.NOTE,
    ),
    "rows-hidden": _m(
        "Hidden rows",
        "{n} [task|tasks] [stands|stand] in hidden rows. [It was|They were] read and [counts|count] as all others.",
        "Delete the rows if they are not meant",
        Weight.NOTE,
    ),
    "rows-filtered": _m(
        "Rows hidden by a filter",
        'A filter hides {n} [task|tasks] of "{sheet}". [It was|They were] read and [counts|count] as all others.',
        "Clear the filter to see them; delete the rows if they are not meant",
        Weight.NOTE,
    ),
    "columns-hidden": _m(
        "Hidden columns",
        "{n} [column|columns] that [was|were] read are hidden: {headers}.",
        "Show the columns to check them",
        Weight.NOTE,
    ),
    "cells-merged-filled": _m(
        "Merged cells filled in",
        '{n} merged [range|ranges] of "{header}" [reaches|reach] over several cells. As the settings say, [its|their] '
        "value was taken for each of them.",
        'Take "{name}" out of fill_merged in analyzer.toml if that is wrong',
        Weight.NOTE,
    ),
    "cells-merged": _m(
        "Merged cells over several tasks",
        '{n} merged [range|ranges] of "{header}" [reaches|reach] over several cells. The value was read in the first '
        'cell alone; in the others it is "not assessed", never blank and never counted twice.',
        "Write each cell's own value; or, where it holds for all, add in analyzer.toml, under [[columns]]: "
        'fill_merged = ["{name}"]',
        Weight.MISSING,
    ),
    "cells-stray": _m(
        "Cells far from the table",
        '{n} [cell|cells] [stands|stand] far outside the table, the first holds "{text}". [It was|They were] not read.',
        "Delete them if they are left over",
        Weight.NOTE,
    ),
    "table-beside": _m(
        "Another table beside this one",
        "The columns {range} were taken for another table and left out.",
        "Put each table on a sheet of its own",
        Weight.ASSUMED,
    ),
    "formulas-uncalculated": _m(
        "Formulas without a result",
        '{n} [formula|formulas] of "{header}" [has|have] no stored result. [It counts|They count] as unknown, '
        "never as blank.",
        "Open the workbook in Excel or LibreOffice, calculate and save it",
        Weight.MISSING,
    ),
    "numbers-as-text": _m(
        "Numbers stored as text",
        '{n} [cell|cells] of "{header}" [holds|hold] a number as text, the first "{text}".',
        "Nothing, if the values shown are right",
        Weight.NOTE,
    ),
    "ids-too-long": _m(
        "Ids longer than a number can be",
        '{n} [cell|cells] of "{header}" [holds|hold] an id of more than 15 digits as a number, the first "{text}". '
        "[It was|They were] taken as stored, but spreadsheets keep 15 digits: the last ones may be lost already.",
        "Format the column as text and enter the ids again",
        Weight.ASSUMED,
    ),
    "ids-repeated": _m(
        "Ids that several tasks share",
        '{n} [task|tasks] of "{header}" [has|have] an id that another one has, the first "{text}". Each is kept and '
        "counted; decisions find them again by name and function instead.",
        "Give each task an id of its own",
        Weight.CONFLICT,
    ),
    "rows-identical": _m(
        "Rows that are the same",
        '{n} [task is|tasks are] the same in every column as another one, the first "{text}". '
        "Each is kept and counted.",
        "Delete the rows that are there twice by mistake",
        Weight.CONFLICT,
    ),
    "look-alikes": _m(
        "Look-alike letters",
        "{n} [header|headers] [mixes|mix] letters of two alphabets or [holds|hold] invisible ones, the first "
        '"{header}". [It was|They were] read as [it looks|they look].',
        "Type the header again",
        Weight.NOTE,
    ),
    "cells-look-alike": _m(
        "Look-alike letters in cells",
        '{n} [cell|cells] of "{header}" [mixes|mix] letters of two alphabets or [holds|hold] invisible ones, the first '
        '"{text}". [It is|They are] kept as written; invisible letters do not tell one name from another.',
        "Type the cells again",
        Weight.NOTE,
    ),
    # intake: headers
    "header-assumed": _m(
        "Headers with several meanings",
        '"{header}" was read as {field}: {evidence}.',
        'Confirm it in analyzer.toml, under [[columns]]: fields = {{ {name} = "{header}" }}',
        Weight.ASSUMED,
    ),
    "header-respelled": _m(
        "Misspelt headers",
        '"{header}" was taken for {field}: {evidence}.',
        "Correct the header",
        Weight.ASSUMED,
    ),
    "header-rival": _m(
        "Two columns for one field",
        '"{header}" and "{other}" can both be {field}; the first was taken.',
        'Say which in analyzer.toml, under [[columns]]: fields = {{ {name} = "..." }}',
        Weight.ASSUMED,
    ),
    "header-unfit": _m(
        "Headers whose values do not fit",
        '"{header}" reads like {field}, but its values cannot be that. It was left out.',
        "Correct the header, or the values",
        Weight.MISSING,
    ),
    "header-suggested": _m(
        "Headers that may be of use",
        '"{header}" may be {field}. It was not used: that is only a guess.',
        'If so, add in analyzer.toml, under [[columns]]: fields = {{ {name} = "{header}" }}',
        Weight.NOTE,
    ),
    # intake: values
    "value-not-a-number": _m(
        "Not a number",
        '{n} [cell|cells] of "{header}" [holds|hold] no number, the first "{text}"; a number is needed. '
        "[The row is|The rows are] kept, the "
        "value is "
        '"not assessed".',
        "Write a plain number, such as 12 or 1234.5",
        Weight.MISSING,
    ),
    "value-out-of-range": _m(
        "Numbers out of range",
        '{n} [cell|cells] of "{header}" [holds|hold] a number outside {range}, the first "{text}". '
        '[The row is|The rows are] kept, the value is "not assessed", never cut to the range.',
        "Correct the number",
        Weight.MISSING,
    ),
    "value-not-an-amount": _m(
        "Not an amount of money",
        '{n} [cell|cells] of "{header}" [holds|hold] no amount, the first "{text}"; an amount is needed. '
        "[The row is|The rows are] kept, the "
        "value is "
        '"not assessed".',
        "Write one amount with its currency, such as 1200000 GBP",
        Weight.MISSING,
    ),
    "value-not-a-date": _m(
        "Not a date",
        '{n} [cell|cells] of "{header}" [holds|hold] no date, the first "{text}"; a day of the calendar is '
        "needed. [The row is|The rows are] kept, "
        'the date is "not assessed".',
        "Write the date as 2026-10-31",
        Weight.MISSING,
    ),
    "value-not-yes-or-no": _m(
        "Neither yes nor no",
        '{n} [cell|cells] of "{header}" [says|say] neither yes nor no, the first "{text}". [It counts|They count] '
        "as unknown, never as no.",
        "Write Yes, No or Partly",
        Weight.MISSING,
    ),
    "value-not-in-list": _m(
        "Not one of the known values",
        '{n} [cell|cells] of "{header}" [holds|hold] a word that is not known there, the first "{text}". '
        "[It counts|They count] as unknown.",
        "Write one of the values that `analyzer template` lists for this field",
        Weight.MISSING,
    ),
    "value-no-evidence": _m(
        "No evidence readable",
        '{n} [cell|cells] of "{header}" [gives|give] neither a yes, a no nor a reference, the first "{text}". '
        "[It earns|They earn] no credit.",
        "Write No, Yes, or better the reference or date of the document",
        Weight.MISSING,
    ),
    "value-not-read": _m(
        "Not understood",
        '{n} [cell|cells] of "{header}" could not be read, the first "{text}". [The row is|The rows are] kept.',
        "Correct the cells",
        Weight.MISSING,
    ),
    "value-unknown": _m(
        "Said to be open",
        '{n} [cell|cells] of "{header}" [says|say] that the answer is not known yet, the first "{text}". '
        "[It counts|They count] as unknown, "
        "never as no or 0.",
        "Fill the cells in when the answer is known",
        Weight.MISSING,
    ),
    "value-is-an-error": _m(
        "Error cells",
        '{n} [cell|cells] of "{header}" [holds|hold] an error, the first "{text}". [It counts|They count] as unknown.',
        "Repair the formula",
        Weight.MISSING,
    ),
    "value-is-a-band": _m(
        "A range, not a number",
        '{n} [cell|cells] of "{header}" [holds|hold] a range or a bound, the first "{text}". No middle is taken: '
        "the value is "
        '"not assessed".',
        "Write one number",
        Weight.MISSING,
    ),
    "value-is-a-rate": _m(
        "A rate, not an amount",
        '{n} [cell|cells] of "{header}" [holds|hold] a price per hour, month or piece, the first "{text}". It is '
        "not counted as "
        "an amount.",
        "Write the cost of a year",
        Weight.MISSING,
    ),
    "value-mark-unclear": _m(
        "Thousand or decimal mark?",
        '{n} [cell|cells] of "{header}" can be read as a thousand or as a decimal, the first "{text}", and the column '
        "does not "
        'tell. The value is "not assessed".',
        "Write the number without thousands marks",
        Weight.MISSING,
    ),
    "value-mark-assumed": _m(
        "Mark read as thousands mark",
        '{n} [cell|cells] of "{header}" [has|have] one mark before three digits, the first "{text}". It was read as a '
        "thousands mark.",
        "Write the number without thousands marks if that is wrong",
        Weight.ASSUMED,
    ),
    "value-mark-differs": _m(
        "Other decimal mark than the column's",
        '{n} [cell|cells] of "{header}" [uses|use] another decimal mark than the rest of the column, the first '
        '"{text}". Each '
        "was read "
        "by its own form.",
        "Use one decimal mark in the column",
        Weight.ASSUMED,
    ),
    "value-approximate": _m(
        "Rough numbers",
        '{n} [cell|cells] of "{header}" [says|say] "about", the first "{text}". The number itself was taken.',
        "Write the exact number where it is known",
        Weight.ASSUMED,
    ),
    "value-scaled-by-header": _m(
        "Amounts in thousands or millions",
        '{n} [cell|cells] of "{header}" [was|were] multiplied as the header says, the first "{text}".',
        "Correct the header if the cells hold full amounts",
        Weight.ASSUMED,
    ),
    "word-with-remark": _m(
        "Words with a remark",
        '{n} [cell|cells] of "{header}" [holds|hold] more than the answer, the first "{text}". The remark was '
        "left out.",
        "Nothing, if the first words are the answer",
        Weight.ASSUMED,
    ),
    "word-from-bit": _m(
        "1 and 0 read as yes and no",
        '"{header}" holds 1 and 0 only; its {n} [cell was|cells were] read as yes and no.',
        "Write Yes and No if that is wrong",
        Weight.ASSUMED,
    ),
    "evidence-unsure": _m(
        "Evidence not there yet",
        '{n} [cell|cells] of "{header}" [says|say] planned, partly or expired, the first "{text}". '
        "[It earns|They earn] no credit.",
        "Write the reference or date once it is in place",
        Weight.MISSING,
    ),
    "evidence-from-text": _m(
        "Text read as a stated yes",
        '{n} [cell|cells] of "{header}" [describes|describe] something without reference or date, the first '
        '"{text}". [It counts|They count] as '
        "stated, not as evidenced.",
        "Add the reference or date of the document",
        Weight.ASSUMED,
    ),
    "date-order-unclear": _m(
        "Day or month first?",
        '{n} [cell|cells] of "{header}" can be read with the day or the month first, the first "{text}", and no '
        "date of the "
        'sheet tells. [It is|They are] "not assessed".',
        "Add day_first = true or false under [[columns]] in analyzer.toml, or write 2026-10-31",
        Weight.MISSING,
    ),
    "date-implausible": _m(
        "Dates outside 1950 to 2100",
        '{n} [cell|cells] of "{header}" [holds|hold] a date that cannot be meant, the first "{text}". '
        '[It is|They are] "not assessed".',
        "Correct the date",
        Weight.MISSING,
    ),
    "date-open-ended": _m(
        "No end",
        '{n} [cell|cells] of "{header}" [says|say] that there is no end, the first "{text}". '
        "[It counts|They count] as open-ended.",
        "Nothing, if that is right",
        Weight.NOTE,
    ),
    "date-from-serial": _m(
        "Serial numbers read as dates",
        '{n} [cell|cells] of "{header}" [holds|hold] a day as a bare number, the first "{text}". '
        "[It was|They were] read as a "
        "spreadsheet counts days.",
        "Format the column as a date",
        Weight.ASSUMED,
    ),
    "date-of-a-span": _m(
        "Months, quarters and years read as a day",
        '{n} [cell|cells] of "{header}" [names|name] no day, the first "{text}". The first day was taken, in an '
        "end date the last.",
        "Write the day where it matters",
        Weight.ASSUMED,
    ),
    "span-in-days": _m(
        "Notice periods counted in days",
        '{n} [cell|cells] of "{header}" [names|name] months or years, the first "{text}". A month was counted as '
        "30 days, a "
        "year as 365.",
        "Write the days where they matter",
        Weight.NOTE,
    ),
    "provider-resembles-own": _m(
        "Providers that begin with the company's own name",
        '{n} [cell|cells] of "{header}" [names|name] a provider that begins like the company itself, the first '
        '"{text}". They '
        "count as "
        "providers from outside.",
        "Add the name to entities under [company] in analyzer.toml if it belongs to the group",
        Weight.ASSUMED,
    ),
    # places
    "place-unread": _m(
        "Places not understood",
        '{n} [cell|cells] of "{header}" [names|name] no place that is known, the first "{text}". The place is '
        "unknown, never home.",
        'Add a line under [aliases.places] in analyzer.toml: "{text}" = "XX"',
        Weight.MISSING,
    ),
    "place-doubtful": _m(
        "Places in doubt",
        '{n} [cell|cells] of "{header}" may mean more than one place or [is|are] marked as unsure, the first '
        '"{text}". The '
        "place is "
        "unknown.",
        'Write the country, or add a line under [aliases.places] in analyzer.toml: "{text}" = "XX"',
        Weight.MISSING,
    ),
    "place-without-country": _m(
        "Places without a country",
        '{n} [cell|cells] of "{header}" [names|name] a region, remote work or no country at all, the first "{text}".',
        "Write the countries in which the work is done",
        Weight.MISSING,
    ),
    "place-respelled": _m(
        "Misspelled countries",
        '{n} [cell|cells] of "{header}" [is|are] a letter or two from a country\'s name, the first "{text}"; that '
        "country "
        "was taken.",
        "Correct the spelling",
        Weight.ASSUMED,
    ),
    "place-largest": _m(
        "Cities with a smaller rival",
        '{n} [cell|cells] of "{header}" [names|name] a city that exists in several countries, the first "{text}". '
        "By far the "
        "largest was "
        "taken.",
        "Add the country to the city",
        Weight.ASSUMED,
    ),
    "place-several": _m(
        "Several places where one is needed",
        '{n} [cell|cells] of "{header}" [names|name] several countries, the first "{text}". Which one counts is '
        "unknown.",
        "Write one country",
        Weight.MISSING,
    ),
    "place-namibia": _m(
        "NA read as Namibia",
        '{n} [cell|cells] of "{header}" [holds|hold] NA in a column of country codes. [It was|They were] read as '
        "Namibia.",
        "Leave the cell blank where no country is meant",
        Weight.ASSUMED,
    ),
    # quadrant
    "conflict-provider-named": _m(
        "Said to be in-house, but a provider is named",
        "{n} [task|tasks] [is|are] said to be in-house while a provider is named. [It counts|They count] as "
        "outsourced until confirmed.",
        "Correct the cell, or choose Your quadrant; a tool's licence is no provider",
        Weight.CONFLICT,
    ),
    "conflict-sourcing": _m(
        "The sheet contradicts itself on who performs the task",
        "In {n} [task|tasks] two cells say otherwise of who performs them. The reason beside each says which one "
        "counts.",
        "Correct one of the two cells, or choose Your quadrant",
        Weight.CONFLICT,
    ),
    "conflict-place": _m(
        "The sheet contradicts itself on the place",
        "In {n} [task|tasks] the offshore column and the country disagree. The place of work counts; a column "
        "that may mean "
        "something else decides nothing.",
        "Correct one of the two cells, or choose Your quadrant",
        Weight.CONFLICT,
    ),
    "sourcing-split": _m(
        "Own staff and a provider share the task",
        "{n} [task|tasks] [is|are] done by own staff and a provider, and the split is not stated. "
        "[It stays|They stay] Undetermined.",
        "Split the row in two, or choose Your quadrant",
        Weight.MISSING,
    ),
    "sourcing-unread": _m(
        "Sourcing not understood",
        "In {n} [task|tasks] the cell on sourcing could not be read and no provider is named. "
        "[It stays|They stay] Undetermined.",
        "Write Yes or No, or a type such as Employee or Third party",
        Weight.MISSING,
    ),
    "provider-missing": _m(
        "Outsourced, but to whom?",
        "{n} [task|tasks] [is|are] said to be outsourced and no provider is named. [It counts|They count] as "
        "outsourced.",
        "Name the provider",
        Weight.MISSING,
    ),
    "provider-gap": _m(
        "No provider in a list of contracts",
        "{n} [task|tasks] [names|name] no provider in a sheet of contracts. A gap is not in-house: "
        "[it stays|they stay] Undetermined.",
        "Name the provider, or write Internal",
        Weight.MISSING,
    ),
    "provider-blank": _m(
        "No provider and no flag: treated as in-house",
        "{n} [task|tasks] [names|name] no provider and [carries|carry] no flag. [It is|They are] treated as in-house.",
        "Confirm: write Internal, or name the provider",
        Weight.ASSUMED,
    ),
    "provider-not-known": _m(
        "Provider not known yet",
        "{n} [task|tasks] [names|name] a provider such as TBD. [It stays|They stay] Undetermined.",
        "Name the provider, or write Internal",
        Weight.MISSING,
    ),
    "provider-person": _m(
        "A person as provider",
        "In {n} [task|tasks] the provider looks like a person, and no column says whether an employee or a contractor. "
        "[It stays|They stay] Undetermined.",
        "Add a column Type with Employee or Contractor, or choose Your quadrant",
        Weight.MISSING,
    ),
    "venture-share": _m(
        "Joint venture without a share",
        "{n} [task|tasks] [is|are] done by a joint venture whose share is not stated. [It counts|They count] as "
        "outsourced.",
        "State our share in percent: from 50 % on it is a group company",
        Weight.ASSUMED,
    ),
    "group-view": _m(
        "Group companies",
        "{n} [task|tasks] [is|are] done by group companies. In the group view of this run [it is|they are] {view}.",
        'To see them the other way, set group_as under [company] in analyzer.toml to "in-house" or "outsourced"',
        Weight.NOTE,
    ),
    "shares-missing": _m(
        "Home and abroad, shares not stated",
        "{n} [task|tasks] [is|are] done at home and abroad, and the shares are not stated. [It counts|They count] "
        "as offshore, partly.",
        "Write the shares beside the countries, for example IN 60 %; GB 40 %",
        Weight.ASSUMED,
    ),
    "territory": _m(
        "A territory with a code of its own",
        "{n} [task|tasks] [is|are] done in a territory of the home country's state that has a code of its own. "
        "[It counts|They count] as "
        "offshore.",
        'If the territory counts as home, write it into analyzer.toml: [company.territories], for example GG = "GB"',
        Weight.ASSUMED,
    ),
    "country-unknown": _m(
        "Abroad, country unknown",
        "{n} [task|tasks] [is|are] done outside the home country, and the cell does not say in which.",
        "Name the country",
        Weight.NOTE,
    ),
    "place-not-a-country": _m(
        "The place names no country",
        "In {n} [task|tasks] the place names no country. [It stays|They stay] Undetermined.",
        "Name the country, or add the spelling under [aliases.places] in analyzer.toml",
        Weight.MISSING,
    ),
    "place-from-provider": _m(
        "Place assumed from the provider's country",
        "In {n} [task|tasks] the place of work is missing; the provider's country is taken for it.",
        "Name the country where the work is done",
        Weight.ASSUMED,
    ),
    "place-blank": _m(
        "Place not stated",
        "In {n} [task|tasks] nothing says where the work is done. [It stays|They stay] Undetermined.",
        "Name the country where the work is done",
        Weight.MISSING,
    ),
    "place-column-assumed": _m(
        "A column taken for the place of work",
        'The header "{header}" may mean the provider\'s country. It is taken for the place of work, with less '
        "confidence.",
        "Rename it Delivery country or Provider country, or name it in analyzer.toml: analyzer init",
        Weight.ASSUMED,
    ),
    "no-sourcing-column": _m(
        "No column says who performs the tasks",
        "No column names a provider or flags a task as outsourced: all {n} [task stays|tasks stay] Undetermined.",
        "Add a column Provider or Outsourced, or name yours in analyzer.toml: analyzer init",
        Weight.MISSING,
    ),
    "no-place-column": _m(
        "No column says where the tasks are performed",
        "No column names a country or flags a task as offshore: all {n} [task stays|tasks stay] Undetermined.",
        "Add a column Delivery country or Offshore, or name yours in analyzer.toml: analyzer init",
        Weight.MISSING,
    ),
    "quadrant-decided": _m(
        "Quadrants decided by people",
        "{n} [task|tasks] [has|have] the quadrant that a person chose; what the rules say stands beside it.",
        "Nothing to do; clear Your quadrant to go back to the rules",
        Weight.NOTE,
    ),
    "quadrant-not-known": _m(
        "Your quadrant not understood",
        "{n} [cell|cells] of Your quadrant [holds|hold] something else than a quadrant ({said}). [It is|They are] "
        "ignored.",
        "Choose one of: {known}",
        Weight.MISSING,
    ),
    # risks
    # feasibility
    "words-suggest": _m(
        "Words suggest what a blank cell leaves open",
        "Words in {n} [task|tasks] suggest {suggests}. Nothing is concluded from them.",
        "Fill the column {column}",
        Weight.NOTE,
    ),
    "saving-currencies": _m(
        "Saving not computed: two currencies",
        "In {n} [task|tasks] the cost and the target cost stand in two currencies without a rate. "
        "[It has|They have] no estimate.",
        "Add the rates under [currency.rates] in analyzer.toml",
        Weight.MISSING,
    ),
    # history and decisions
    "decision-no-quadrant": _m(
        "Not one of the quadrants",
        '{n} [cell|cells] of "Your quadrant" [holds|hold] no quadrant, the first "{text}". [It was|They were] '
        "left out.",
        "Choose one from the list",
        Weight.CONFLICT,
    ),
    "decision-unknown": _m(
        "Not one of the decisions",
        '{n} [cell|cells] of "Decision" [holds|hold] none of accept, mitigate, move, investigate, the first '
        '"{text}". [It was|They were] left '
        "out.",
        "Choose one from the list; put the rest into Decision note",
        Weight.CONFLICT,
    ),
    "decision-no-day": _m(
        "Due days not understood",
        '{n} [cell|cells] of "Decision due" [holds|hold] no day, the first "{text}". [It was|They were] left out.',
        "Write the day as 2026-10-31",
        Weight.CONFLICT,
    ),
    "decision-without-task": _m(
        "Decisions whose task is gone",
        "{n} [decision|decisions] of {origin} [belongs|belong] to tasks that are not in this file; they are kept "
        "in no row.",
        "Check whether the tasks were renamed; give them the same task id.",
        Weight.NOTE,
    ),
    "archive-unreadable": _m(
        "A past period cannot be read",
        "The archived file {file} is damaged or of a newer version; the report goes on without it.",
        "Run that period again, or move the file away.",
        Weight.NOTE,
    ),
    "decision-replaced": _m(
        "Decisions that were changed later",
        "{n} earlier [decision|decisions] [differs|differ] from later ones; the latest one counts.",
        "Look at the cells if the earlier word should stand.",
        Weight.NOTE,
    ),
    # summary
    "currency-without-rate": _m(
        "Amounts in another currency",
        "{n} [amount|amounts] [is|are] in {currencies} and [is|are] not added to {reporting}; they are tallied apart.",
        "Give a rate in analyzer.toml: [currency] rates = {{ EUR = 0.86 }}",
        Weight.MISSING,
    ),
    "total-made-yearly": _m(
        "Contract totals read as a year's cost",
        "{n} contract [value|values] [was|were] spread over [its|their] start and end dates to a cost per year.",
        "Give the yearly cost in a column of its own if it differs.",
        Weight.ASSUMED,
    ),
    "total-without-dates": _m(
        "Contract totals without dates",
        "{n} contract [value|values] [has|have] no start and end date; the cost of a year is not known and is "
        "left out of the sums.",
        "Fill in both dates, or the yearly cost.",
        Weight.MISSING,
    ),
    # outputs
    "workbook-signature-dropped": _m(
        "The digital signature is not in the annotated copy",
        "The workbook was signed; a signature does not survive any change, so the annotated copy has none.",
        "Sign the annotated copy anew, or keep the original beside it",
        Weight.NOTE,
    ),
    "workbook-table-not-extended": _m(
        "The new columns stand beside the Excel table",
        "The Excel table {table} was not extended: {why}. The new columns stand right of it.",
        "Free the cells right of the table and run again, to have them inside it",
        Weight.NOTE,
    ),
    "workbook-header-renamed": _m(
        "A new column was named otherwise",
        'The table has a column "{header}" already; the new one is named "{name}".',
        "Nothing to do",
        Weight.NOTE,
    ),
    "workbook-text-cut": _m(
        "Long texts cut",
        "{n} [text|texts] on the sheet {sheet} [is|are] longer than the 32,767 characters that a cell holds and "
        "[was|were] cut there.",
        "The report and the archive hold them whole",
        Weight.NOTE,
    ),
    "workbook-links-cut": _m(
        "Not every cell has its link",
        "{n} [cell|cells] of the sheet {sheet} [has|have] no link: a sheet holds 65,530.",
        "Nothing to do; the cells are named",
        Weight.NOTE,
    ),
    "workbook-active-left-out": _m(
        "Active content left out",
        "As asked for, the annotated copy is without: {what}.",
        "The original still has it; run without --strip-active to keep it",
        Weight.NOTE,
    ),
    "workbook-template-saved-as-workbook": _m(
        "A template became a workbook",
        "The input is a template; the annotated copy is a workbook.",
        "Nothing to do",
        Weight.NOTE,
    ),
    "workbook-calculation-chain-dropped": _m(
        "Calculation order left to the program",
        "The stored order of calculation named cells of an earlier report and was left out; opening makes a new one.",
        "Nothing to do",
        Weight.NOTE,
    ),
    "workbook-written-fresh": _m(
        "A fresh workbook instead of an annotated copy",
        "The workbook cannot be edited without loss: {why} Its values stand in a fresh workbook; formats, charts and "
        "macros are in the original only.",
        "Save it anew in Excel as .xlsx and run again, to have the annotations in your own workbook",
        Weight.NOTE,
    ),
    "workbook-rows-split": _m(
        "Rows split over several sheets",
        "{n} [row|rows] of {sheet} [is|are] more than a sheet holds (1,048,576); they go on in {sheets}.",
        "Nothing to do; no row is dropped",
        Weight.NOTE,
    ),
    "workbook-ledger-capped": _m(
        "The risk ledger is longer than its sheet",
        "The ledger has {n} [line|lines]; the sheet shows the {shown} most severe. All are in the ledger file "
        "beside it.",
        "Open the .ledger.parquet file for the rest, or analyzer explain for one task",
        Weight.NOTE,
    ),
}


def render(code: str, count: int, values: Mapping[str, str]) -> str:
    """The sentence of a finding. An unknown name in the catalogue is a programming error and raises ``KeyError``."""
    return agreeing(CATALOGUE[code].text, count).format(n=f"{count:,}", **values)


def agreeing(text: str, count: int) -> str:
    """``[cell|cells]`` resolved to the word for one or for many; done before any value from a file is filled in."""
    return _ONE_OR_MANY.sub(lambda found: found[1 if count == 1 else 2], text)


def address(file: str, cells: Iterable[str], count: int) -> str:
    """``inventory.xlsx > Tasks!E7`` or ``inventory.xlsx > Tasks!E7, E9 and 310 more``: a sheet is named once."""
    shown: list[str] = []
    sheet = None
    for cell in list(cells)[:5]:
        tab, mark, place = cell.rpartition("!")
        shown.append(place if mark and tab == sheet else cell)
        sheet = tab
    rest = count - len(shown)
    more = f" and {rest:,} more" if shown and rest > 0 else ""
    return f"{file} > {', '.join(shown)}{more}" if shown else file
