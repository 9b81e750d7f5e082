"""A reply as webmails give it to whoever copies it."""
import base64
import quopri
import re
import textwrap
import urllib.parse

PERSIAN = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
HINT = "Open this link at once: it is good for 20 seconds, until {} UTC."
IN_PERSIAN = "\u200fاین پیوند را فوراً باز کنید: تا {} UTC اعتبار دارد.\u200f"
HEADER = ("Subject: Re: Hello\nFrom: snowflake@example.org\nTo: Alice <alice@example.net>\n"
          "Date: {}\n\n")


def hard_wrapped(text, width=72):
    return "\n".join(part for line in text.split("\n")
                     for part in (re.findall(f".{{1,{width}}}", line) or [""]))


def soft_wrapped(text):
    """RFC 3676: a line that goes on ends in a blank."""
    return "\n".join(" \n".join(textwrap.wrap(line, 72, break_long_words=False)) or ""
                     for line in text.split("\n"))


def quoted(text, mark="> "):
    return "".join(f"{mark}{line}\n" for line in text.split("\n"))


def copies(link, response, time="12:34:56", date="Mon, 23 Nov 2026 08:00:00 +0000"):
    """Pairs of a name and a text. Each has the link or the response, or both."""
    hint = HINT.format(time)
    mail = f"{hint}\n{link}\n\n{response}\n"
    bare = f"{response}\n\nUse this answer at once: it is good for 20 seconds, until {time} UTC.\n"
    encoded = urllib.parse.quote(link, safe="")
    marks = "\u200b", "\ufeff", "\u00ad", "\u200e"
    sprinkled = "".join(c + marks[i % 4] if i % 37 == 0 else c for i, c in enumerate(mail))
    return (
        ("the whole text", mail),
        ("the text without a link", bare),
        ("the link", link),
        ("the JSON", response),
        ("CR LF", mail.replace("\n", "\r\n")),
        ("blanks and blank lines around", f"\n\n   {link}  \n\n"),
        ("a header above", HEADER.format(date) + mail),
        ("a header above, no link", HEADER.format(date) + bare),
        ("what a webmail has around it", "Inbox (3)\tReply\tForward\nsnowflake 08:00 (1 minute ago)"
         f"\nto me\n\n{mail}\nReplyForward\n12% of 15 GB used"),
        ("an attribution, and quoted", f"On Monday, snowflake wrote:\n{quoted(mail)}"),
        ("quoted twice", quoted(quoted(mail))),
        ("quoted without blanks", quoted(mail, ">")),
        ("quoted, no link", quoted(bare)),
        ("quoted and wrapped", quoted(hard_wrapped(mail))),
        ("quoted and wrapped, no link", quoted(hard_wrapped(bare))),
        ("wrapped anywhere", hard_wrapped(mail)),
        ("wrapped anywhere, no link", hard_wrapped(bare, 76)),
        ("wrapped at blanks", soft_wrapped(mail)),
        ("wrapped at blanks, no link", soft_wrapped(bare)),
        ("a signature below", f"{mail}\n-- \nSent from my phone\nhttps://example.com/a#b.html\n"),
        ("quoted-printable", quopri.encodestring(mail.encode()).decode()),
        ("quoted-printable, no link, CR LF",
         quopri.encodestring(bare.encode()).decode().replace("\n", "\r\n")),
        ("base64", base64.encodebytes(bare.encode()).decode()),
        ("HTML: no-break spaces and indents",
         mail.replace("\n", "\n  \t").replace(" ", "\u00a0")),
        ("HTML: blocks with blank lines between", mail.replace("\n", "\n\n\n")),
        ("HTML: no-break spaces, no link", bare.replace(" ", "\u00a0")),
        ("the link in angle brackets", f"{hint}\n<{link}>\n"),
        ("the link twice, as a link's text and address", f"{hint}\n{link} <{link}>\n\n{response}"),
        ("the link as in Markdown", f"{hint}\n[{link}]({link})\n"),
        ("the link in a sentence", f"{hint} ({link})."),
        ("a redirector", f"https://www.google.com/url?q={encoded}&source=gmail&ust=1795420800000"),
        ("a redirector of Outlook", "https://eur01.safelinks.protection.outlook.com/?url="
         f"{encoded}&data=05%7C02%7C%7C0&reserved=0"),
        ("two redirectors", "https://example.com/a?to=" + urllib.parse.quote(
            f"https://example.net/b?to={encoded}", safe="")),
        ("marks that can't be seen", sprinkled),
        ("Persian, from right to left", f"{IN_PERSIAN.format(time.translate(PERSIAN))}\n"
         f"\u202a{link}\u202c\n\n{response}"),
        ("quotation marks made curly", re.sub('(^|[{:,])"', "\\1“", bare).replace('"', "”")),
    )
