"""Links to evidence cards, and the cards that come with them."""

import pytest
from docutils import nodes
from sphinx import addnodes

from spinemets.publish import cards

MARKED = (
    '<p><a class="reference internal" href="../evidence/07-spine-diagnosis.html#nice-timing">'
    '<span class="std std-ref"><span class="sm-card-of-nice_timing">within a day</span></span></a> and '
    '<a class="reference internal" href="glossary.html"><span class="std std-doc">a word</span></a></p>'
)


def link(target: str, id: str | None) -> addnodes.pending_xref:
    found = addnodes.pending_xref("", nodes.inline("", "98 %"), reftarget=target, reftargetid=id, reftype="myst")
    document = nodes.document(None, None)
    document += found
    cards.mark(None, document)
    return found


def test_a_link_to_a_finding_keeps_the_findings_own_id():
    assert "sm-card-of-nice_timing" in str(link("evidence/07-spine-diagnosis", "nice_timing"))


@pytest.mark.parametrize(("target", "id"), [("book/glossary", "spread"), ("evidence/07-spine-diagnosis", None)])
def test_other_links_stay_as_they_are(target, id):
    assert "sm-card" not in str(link(target, id))


def test_marked_links_become_card_links_and_are_listed_once():
    body, ids = cards.linked(MARKED + MARKED)
    assert ids == ["nice_timing"]
    assert body.count('class="reference internal sm-card" data-card="nice_timing" href="../evidence/') == 2
    assert "sm-card-of" not in body
    assert '<a class="reference internal" href="glossary.html">' in body


def test_a_card_is_embedded_as_an_inert_template():
    markup = cards.templates(["nice_timing"])
    assert markup.startswith('<template class="sm-card-template" data-card="nice_timing">')
    assert "NICE" in markup


def test_an_unknown_finding_is_an_error():
    with pytest.raises(KeyError):
        cards.templates(["no-such-finding"])
