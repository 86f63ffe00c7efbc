"""What a part is for: told by its name, or by the relationship that leads to it wherever it lies."""

from __future__ import annotations

import re
from collections.abc import Mapping

from analyzer.xlsx.facts import Feature
from analyzer.xlsx.package import Package

_ROLES: tuple[tuple[Feature, str, frozenset[str]], ...] = (
    (Feature.MACROS, r"vbaproject|vbadata\.xml$", frozenset({"vbaProject", "vbaProjectSignature", "wordVbaData"})),
    (Feature.SIGNATURE, r"^_xmlsignatures/", frozenset({"signature"})),
    (Feature.EXTERNAL_LINKS, r"/externallinks/[^/]+\.xml$", frozenset({"externalLink"})),
    (Feature.CONNECTIONS, r"/connections\.xml$", frozenset({"connections"})),
    (Feature.QUERIES, r"/querytables/[^/]+\.xml$", frozenset({"queryTable"})),
    (Feature.OLE, r"/embeddings/", frozenset({"oleObject", "package"})),
    (Feature.ACTIVE_X, r"/activex/", frozenset({"control", "activeXControlBinary"})),
    (Feature.FORM_CONTROLS, r"/ctrlprops/", frozenset({"ctrlProp"})),
    (Feature.CUSTOM_XML, r"^customxml/", frozenset({"customXml"})),
    (Feature.CUSTOM_UI, r"^customui/", frozenset({"extensibility", "userCustomization"})),
    (Feature.WEB_EXTENSIONS, r"/webextensions/", frozenset({"webextension", "webextensiontaskpanes"})),
    (Feature.PIVOT_TABLES, r"/pivottables/", frozenset({"pivotTable"})),
    (Feature.SLICERS, r"/slicers/", frozenset({"slicer"})),
    (Feature.TIMELINES, r"/timelines/", frozenset({"timeline"})),
    (Feature.CHARTS, r"/charts/chart|/charts/chartex", frozenset({"chart", "chartEx"})),
    (Feature.IMAGES, r"/media/", frozenset({"image"})),
    (Feature.COMMENTS, r"/comments\d*\.xml$|/comments/", frozenset({"comments"})),
    (Feature.THREADED_COMMENTS, r"/threadedcomments/", frozenset({"threadedComment"})),
    (Feature.RICH_DATA, r"/richdata/", frozenset({"rdRichValue"})),
    (Feature.DATA_MODEL, r"/model/", frozenset({"powerPivotData"})),
    (Feature.SHARED_WORKBOOK, r"/revisions/", frozenset({"revisionHeaders"})),
)


def roles(package: Package) -> Mapping[str, frozenset[Feature]]:
    """The features that each part of a package belongs to, by part key."""
    kinds = package.kinds
    return {
        key: frozenset(
            feature for feature, name, leading in _ROLES if re.search(name, key) or leading & kinds.get(key, set())
        )
        for key in package.parts
    }
