"""Native charts in the four colours on a quiet grid."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import BarChart, Reference
from openpyxl.chart.axis import ChartLines
from openpyxl.chart.data_source import NumFmt, StrRef
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.marker import DataPoint
from openpyxl.chart.series import Series, SeriesLabel
from openpyxl.chart.series_factory import SeriesFactory
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.worksheet import Worksheet

from analyzer.report.book import palette

_SMALL, _TITLE = 900, 1200  # hundredths of a point
_GRID = "E6E2D9"


def bars(
    title: str,
    sheet: Worksheet,
    series: Sequence[tuple[str, str, str]],
    names: str,
    *,
    horizontal: bool = False,
    stacked: bool = False,
    points: Sequence[Sequence[str]] = (),
    number_format: str = "#,##0",
    legend: bool = True,
    size: tuple[float, float] = (15.5, 7.6),
) -> BarChart:
    """A bar chart. ``series``: title cell, values and colour of each; ``names``: the cells of the categories.

    ``points`` colours the bars of each series one by one; ``size`` in cm.
    """
    chart = BarChart()
    chart.type = "bar" if horizontal else "col"
    chart.grouping = "stacked" if stacked else "clustered"
    chart.overlap = 100 if stacked else -10
    chart.gapWidth = 55
    chart.width, chart.height = size  # type: ignore[assignment]  # the stubs say int; openpyxl takes cm as they are
    categories = Reference(range_string=f"'{_quoted(sheet)}'!{names}")
    for number, (head, values, colour) in enumerate(series):
        made = SeriesFactory(
            Reference(range_string=f"'{_quoted(sheet)}'!{values}"),
            title_from_data=False,
        )
        made.tx = _title_of(sheet, head)
        made.graphicalProperties = _filled(colour)
        made.invertIfNegative = False
        for index, shade in enumerate(points[number] if points else ()):
            made.dPt.append(DataPoint(idx=index, invertIfNegative=False, spPr=_filled(shade)))
        chart.series.append(made)
    chart.set_categories(categories)
    _quiet(chart, title, number_format, legend=legend, horizontal=horizontal)
    return chart


def labelled(
    chart: BarChart, number_format: str, only: Sequence[int] | None = None, colour: str = palette.QUIET
) -> None:
    """Numbers at the bars of all series, or of some."""
    for number, series in enumerate(chart.series):
        if only is None or number in only:
            labels = DataLabelList()
            labels.showVal = True
            labels.showSerName = labels.showCatName = labels.showLegendKey = labels.showPercent = False
            labels.numFmt = number_format
            labels.txPr = _text(_SMALL, colour)
            series.dLbls = labels


def hidden(series: Series) -> None:
    """A series that only holds others up."""
    series.graphicalProperties = GraphicalProperties(noFill=True)
    series.graphicalProperties.line = LineProperties(noFill=True)


def _quoted(sheet: Worksheet) -> str:
    return str(sheet.title).replace("'", "''")


def _title_of(sheet: Worksheet, cell: str) -> SeriesLabel:
    return SeriesLabel(strRef=StrRef(f"'{_quoted(sheet)}'!{cell}"))


def _filled(colour: str) -> GraphicalProperties:
    look = GraphicalProperties(solidFill=colour)
    look.line = LineProperties(noFill=True)
    return look


def _text(size: int, colour: str = palette.QUIET, *, bold: bool = False) -> RichText:
    look = CharacterProperties(sz=size, b=bold, solidFill=colour)
    return RichText(p=[Paragraph(pPr=ParagraphProperties(defRPr=look), endParaRPr=look)])


def _quiet(chart: BarChart, title: str, number_format: str, *, legend: bool, horizontal: bool) -> None:
    look = CharacterProperties(sz=_TITLE, b=True, solidFill=palette.INK)
    words = Paragraph(pPr=ParagraphProperties(defRPr=look), r=[RegularTextRun(rPr=look, t=title)])
    chart.title = Title(tx=Text(rich=RichText(p=[words])), overlay=False)
    chart.legend.position = "b"
    chart.legend.txPr = _text(_SMALL)
    if not legend:
        chart.legend = None
    chart.x_axis.delete = chart.y_axis.delete = False
    chart.x_axis.txPr = chart.y_axis.txPr = _text(_SMALL)
    chart.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill="B8B2A6"))
    chart.y_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(noFill=True))
    chart.y_axis.majorGridlines = ChartLines(spPr=GraphicalProperties(ln=LineProperties(solidFill=_GRID)))
    chart.y_axis.numFmt = NumFmt(formatCode=number_format, sourceLinked=False)
    chart.y_axis.majorTickMark = chart.x_axis.majorTickMark = "none"
    if horizontal:
        chart.x_axis.scaling.orientation = "maxMin"
    chart.graphical_properties = GraphicalProperties(ln=LineProperties(noFill=True))
