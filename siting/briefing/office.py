"""The briefing for Word and for slides, from the same story as the page, to be edited on."""

from siting.briefing.document import write_document
from siting.briefing.slides import write_slides

__all__ = ["write_document", "write_slides"]
