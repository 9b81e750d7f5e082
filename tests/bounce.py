"""Real bounces, automatic replies and reports: who sent one, and one with a request put into it."""
import email
import email.parser
import email.utils
import re

from sample import REQUEST


def sender_of(mail):
    """The Return-Path, else the address of the mbox From_ line, else that of the From field."""
    from_line = re.match(rb"From (\S+)", mail)
    header = email.parser.BytesHeaderParser().parsebytes(mail)
    for text in (header.get("Return-Path"), from_line and from_line[1].decode("latin-1"),
                 header.get("From")):
        if text is not None:
            address = str(text).strip()
            if address in ("<>", "MAILER-DAEMON", ""):
                return ""
            return email.utils.parseaddr(address)[1] or address
    return ""


def with_request(mail):
    """The mail with the request before its first text, even if an attached mail has that text."""
    message = email.message_from_bytes(
        mail.split(b"\n", 1)[1] if mail.startswith(b"From ") else mail)
    texts = (part for part in message.walk()
             if part.get_content_maintype() == "text" and not part.is_multipart())
    part = next(texts, None)
    if part is None:
        return mail
    text = part.get_payload(decode=True).decode("ascii", "surrogateescape")
    del part["Content-Transfer-Encoding"]
    part["Content-Transfer-Encoding"] = "8bit"
    part.set_payload(f"{REQUEST}\n{text}")
    return message.as_bytes()
