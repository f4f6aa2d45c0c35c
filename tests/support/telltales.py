"""R35: patterns of secrets that no log may hold."""

import re

TELLTALES = {
    "a signed URL": re.compile(r"X-Amz-(Signature|Credential)", re.IGNORECASE),
    "a token": re.compile(r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}"),
    "an Authorization header": re.compile(r"\bBearer\b", re.IGNORECASE),
    "a webhook's secret": re.compile("whsec_"),
    "an e-mail address": re.compile(r"[\w.+-]+@[\w-]+\.\w+"),
}
