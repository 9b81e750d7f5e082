"""Accounts of people at example.net: a real Postfix and Dovecot, SMTP and IMAP on this machine."""
import email
import pathlib

import mta
from mta import run, write

PACKAGES = "postfix", "dovecot-imapd", "dovecot-lmtpd"
POSTFIX_LOG = "/var/log/postfix-test.log"
HOME = pathlib.Path("/var/vmail")
PASSWORD = "secret"
COMMON = """ssl = no
log_path = /var/log/dovecot.log
protocols = imap lmtp
service auth {
  unix_listener /var/spool/postfix/private/auth {
    mode = 0666
  }
}
service lmtp {
  unix_listener /var/spool/postfix/private/dovecot-lmtp {
    mode = 0666
  }
}
"""
SETTINGS_2_3 = f"""disable_plaintext_auth = no
mail_location = maildir:~/Maildir
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = uid=vmail gid=vmail home={HOME}/%Lu allow_all_users=yes
}}
"""
SETTINGS_2_4 = f"""dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
auth_allow_cleartext = yes
mail_driver = maildir
mail_path = ~/Maildir
passdb static {{
  password = {PASSWORD}
}}
userdb static {{
  allow_all_users = yes
  fields {{
    uid = vmail
    gid = vmail
    home = {HOME}/%{{user | lower}}
  }}
}}
"""


def is_new_dovecot():
    version = run("dovecot", "--version").split()[0]
    return [int(number) for number in version.split(".")[:2]] >= [2, 4]


def set_up():
    """Each address at example.net is an account. The service is there by INSTALL's recipe."""
    mta.install()
    run("useradd", "--create-home", "--home-dir", str(HOME), "vmail")
    write("/etc/dovecot/dovecot.conf", SETTINGS_2_4 + COMMON if is_new_dovecot()
          else COMMON + SETTINGS_2_3)
    mta.start_postfix(POSTFIX_LOG)  # it makes the directory of Dovecot's sockets
    run("sh", "-c", "dovecot >/dev/null 2>&1")  # the daemon keeps them open
    run("postconf", "virtual_mailbox_domains = example.net", "virtual_mailbox_maps = static:all",
        "virtual_transport = lmtp:unix:private/dovecot-lmtp", "smtpd_sasl_auth_enable = yes",
        "smtpd_sasl_type = dovecot", "smtpd_sasl_path = private/auth",
        "smtpd_tls_auth_only = no")
    mta.follow("Postfix pipe(8)")
    run("postfix", "reload")
    for port in 25, 143:
        mta.wait_for_port(port)


def mails_of(address, folder=""):
    """Of an account, the oldest first. Without a folder: those that have come."""
    maildir = HOME / address / "Maildir" / folder
    mails = [*maildir.glob("new/*"), *maildir.glob("cur/*")]
    return [email.message_from_bytes(path.read_bytes())
            for path in sorted(mails, key=lambda path: path.stat().st_mtime_ns)]
