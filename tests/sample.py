"""The mail that most tests send, and the poll request in it."""
from harness import TESTS

DEFAULT_MAIL = (TESTS / "mail/default.mail").read_text()  # with words like @NOW@, see whole_mail.py
REQUEST = DEFAULT_MAIL.split("\n\n", 1)[1]  # its line end included
BRIDGE = "2B280B23E1107BB62ABFC40DDCC8824814F80A72"  # of the request, and of one that names none
