"""Plain text made comparable: one normal form, its words, and their stems. Pure functions, no content."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import snowballstemmer

LONGEST = 8_000
"""Characters of a message that are read. Of a longer one, its first and last halves of this are."""

_LOOK_ALIKES = str.maketrans(
    "аеорсухіїјѕԁһкмтвнԛԝӏɡɑıαερονκιτβυωχγηոօսցհ",
    "aeopcyxiijsdhkmtbhqwlgaiaeponkitbuwxynnough",
)
_LEET = str.maketrans("013457@$!|", "oieastasil")
_LEET_INSIDE = re.compile(r"(?<=[a-z])[013457@$!|]+(?=[a-z])")
_APOSTROPHES = str.maketrans("’‘ʼ`", "''''")  # noqa: RUF001  the letters that are replaced
_LATIN = re.compile(r"[a-z]")
_NOT_LATIN = re.compile(r"[\u0131\u0251\u0261\u0370-\u058f]")
_INVISIBLE = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    r"\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARKS = re.compile(r"[\u0300-\u036f]")
_SPACED_OUT = re.compile(r"(?<![^\W_])(?:[a-z][ .*_-]){3,}[a-z](?![^\W_])")
_RUNS = re.compile(r"([^\W\d_])\1{2,}")
_MARKED = r"(?:[^\W_]|[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e])"
_WORD = re.compile(rf"{_MARKED}+(?:['-]{_MARKED}+)*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")

_stemmer = snowballstemmer.stemmer("english")


def tidy(text: str) -> str:
    """Text as a person sees it: invisible and control characters gone, at most `LONGEST` characters."""
    if len(text) > LONGEST:
        text = f"{text[: LONGEST // 2]} {text[-LONGEST // 2 :]}"
    return _CONTROL.sub(" ", _INVISIBLE.sub("", text)).strip()


def normal(text: str) -> str:
    """The normal form: case, accents, look-alike letters, s p a c e d letters and loooong ones no longer differ."""
    folded = unicodedata.normalize("NFKD", tidy(text).replace("\u00b4", "'")).casefold()
    folded = unicodedata.normalize("NFC", _MARKS.sub("", folded)).translate(_APOSTROPHES)
    words = (_latin(word) for word in folded.split())
    joined = _SPACED_OUT.sub(lambda run: re.sub(r"[ .*_-]", "", run[0]), " ".join(words))
    return _RUNS.sub(r"\1\1", joined)


def _latin(word: str) -> str:
    """Letters of another script, and signs (k1ll, d!e), that look Latin, made Latin where they hide in a Latin word."""
    if not word.isascii() and _NOT_LATIN.search(word) and _LATIN.search(word):
        word = word.translate(_LOOK_ALIKES)
    if not word.isalpha():
        word = _LEET_INSIDE.sub(lambda signs: signs[0].translate(_LEET), word)
    return word


def words(normal_form: str) -> list[str]:
    """The words of a normal form, apostrophes and hyphens taken out ("can't" → cant, "7-oh" → 7oh)."""
    return [word.replace("'", "").replace("-", "") for word in _WORD.findall(normal_form)]


_SHORT_FORMS = {
    "whats": "what is", "hows": "how is", "wheres": "where is", "whos": "who is", "whens": "when is", "whys": "why is",
    "thats": "that is", "theres": "there is", "heres": "here is", "its": "it is", "hes": "he is", "shes": "she is",
    "im": "i am", "ive": "i have", "id": "i would", "youre": "you are", "youve": "you have", "theyre": "they are",
    "theyve": "they have", "weve": "we have", "isnt": "is not", "arent": "are not", "wasnt": "was not",
    "dont": "do not", "doesnt": "does not", "didnt": "did not", "cant": "can not", "cannot": "can not",
    "couldnt": "could not", "wont": "will not", "wouldnt": "would not", "shouldnt": "should not", "havent": "have not",
    "hasnt": "has not", "aint": "is not", "u": "you", "ur": "your", "r": "are", "y": "why", "n": "and", "w": "with",
    "wo": "without", "wout": "without", "wen": "when", "wat": "what", "wut": "what", "wht": "what", "hw": "how",
    "cuz": "because", "coz": "because", "bc": "because", "cos": "because", "tho": "though", "thru": "through",
    "til": "until", "till": "until", "gonna": "going to", "wanna": "want to", "gotta": "have to", "lemme": "let me",
    "gimme": "give me", "kinda": "kind of", "sorta": "sort of", "outta": "out of", "dunno": "do not know",
    "ppl": "people", "pls": "please", "plz": "please", "tmrw": "tomorrow", "2nite": "tonight", "tonite": "tonight",
    "nite": "night", "ok": "okay", "k": "okay", "doc": "doctor", "docs": "doctors", "dr": "doctor", "drs": "doctors",
    "meds": "medicines", "med": "medicine", "hrs": "hours", "hr": "hour", "mins": "minutes", "wks": "weeks",
    "wk": "week", "yrs": "years", "yr": "year", "mos": "months", "bf": "boyfriend", "gf": "girlfriend",
}  # fmt: skip


def spelled_out(word: str) -> list[str]:
    """The words that a short form stands for ("whats" → what, is); any other word as it is."""
    return _SHORT_FORMS.get(word, word).split()


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The English stem of a word (Porter 2, Snowball)."""
    return str(_stemmer.stemWord(word))
