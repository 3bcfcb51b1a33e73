"""Writes test/fixtures/pyyaml-cases.json: what PyYAML's safe loader makes of scalars and documents.

Run: python3 test/yaml/generate-pyyaml-cases.py [output file, default the committed one, "-" for stdout]
Values are written with their Python type, so that 3.0 is not 3 and a date is not a text.
"""
import datetime
import json
import pathlib
import sys

import yaml

SCALARS = """
y n Y N yes Yes YES yEs no No NO nO true True TRUE tRUE false False FALSE on On ON oN off Off OFF oFF
null Null NULL nULL ~ none None nil undefined = < << - -- --- : ::
0 00 01 07 08 09 017 0o17 0O17 0644 0755 0888 -017 +017 +0 -0 1 -1 +1 12 1_000 1__0 1_ _1 0_1 0_ 1e3 1E3 1e+3 1.e3
1.0e3 1.0e+3 1.0E+3 1.0e-3 1.5e-7 -1.5e+2 1.e+3 .5 -.5 +.5 .5e+2 .5e2 5. -5. 0.0 -0.0 +0.0 3.0 3.14 10.20.30 1.2.3 2.10
1_000.5 1_000.5_5 ._5 . .. ... 1,000 1.0f 0x1f 0X1F 0x 0xg 0x_1 -0x1f +0x1F 0b1 0b101 0b2 0b -0b11 0B1 0b1_0
1:30 1:60 1:5 01:30 1:30:00 20:30:40.5 20:30:40. 190:20:30 190:20:30.15 -1:30 +1:30 1:99 22:22 2222:22 8080:80 80:80 0:30 00:30:00 12:30:45
.inf .Inf .INF .iNF -.inf +.inf -.Inf inf Infinity .nan .NaN .NAN nan NaN -.nan .Nan
2001-12-14 2001-1-1 2001-12-14t21:59:43.10-05:00 2001-12-14T21:59:43Z 2001-12-14T21:59:43 2001-12-15T02:59:43.1Z
2002-1-1T1:02:03 2001-13-45 2001-02-29 2000-02-29 0001-01-01 0000-01-01 9999-12-31 20011214 2001-12 12-14-2001 2001-12-14T24:00:00
2001-12-14T21:59 2001-12-14T21:59:43.123456789 2001-12-14T21:59:43+2 2001-12-14T21:59:43+02:30 2001-12-14T21:59:43-00:30 2001-12-14T21:59:60
9007199254740991 9007199254740992 9007199254740993 -9007199254740993 18446744073709551615 123456789012345678901234567890 0x7fffffffffffffff 1.7976931348623157e+308 1.0e+400
a abc A-1 foo.bar user@host /etc/passwd ./x ../y a:b a#b http://x.y:80/z?q=1#f C:\\\\x 1.2.3.4 10.0.0.0/8 ::1 fe80::1 v1.0 1.0-rc1 1st
-a -rf ?x *.txt &amp !x +x $HOME ${X} %d @a `a | > [a] {a} [] {} [a, {a: 'x y' "x y" ''  "" '1' "1" 'yes' "null" ~/x ~x
é ☕ 日本 \\n \\t a\\b "\\n" "\\t" "\\x41" "\\u00e9" "\\U0001F600" "\\/" "\\q" "\\'" "\\e" "\\_" "\\0" "\\L" 'a''b' 'a\\nb'
!!str !!int !!null ! !!bool
"""

LINES = [
    "2001-12-14 21:59:43.10 -5", "2001-12-14 21:59:43", "2001-12-14  1:02:03", "2001-12-14 21:59:43 Z", "2001-12-14 21:59",
    "a b", "a  b", "a: b", "a:b c", "a #b", "a # b", "# only a comment", "", " ", "yes no", "1 2", "- a", "? a", "a:", "a: ", ": a",
    "!!str 123", "!!str", "!!str yes", "!!int '3'", "!!int 0x1f", "!!int abc", "!!float 3", "!!float '1e3'", "!!float x", "!!bool 'yes'",
    "!!bool maybe", "!!null x", "!!str ~", "!!timestamp 2001-12-14", "!!timestamp '2001-12-14'", "!!timestamp x", "! 12", "! a",
    "!!map {a: 1}", "!!seq [a]", "!!str [a]", "!foo bar", "!<tag:yaml.org,2002:str> 5",
]

DOCUMENTS = [
    "a: 1\nb: 2\n", "b: 1\na: 2\n", "- 1\n- two\n- 3.0\n", "a:\n- 1\n- 2\n", "a:\n  - 1\n  -   2\n", "a: {b: c, d: [e, f]}\n",
    "1: a\n2: b\n", "2: a\n1: b\nx: c\n", "10: a\n9: b\n", "1.0: a\n", "yes: a\nno: b\n", "~: a\n", "null: a\n", "2001-12-14: a\n", "'1': a\n1: b\n",
    "1: a\ntrue: b\n", "1: a\n1.0: b\n", "a: 1\na: 2\n", "a: 1\nb: 2\na: 3\n", "__proto__: 1\n", "constructor: 1\ntoString: 2\n",
    "x: &a 1\ny: *a\n", "x: &a {k: v}\ny: *a\n", "x: *nope\n", "x: &a\n  k: 1\ny:\n  <<: *a\n  z: 2\n", "x: &a\n  k: 1\ny:\n  z: 2\n  <<: *a\n",
    "x: &a {k: 1, z: 0}\ny:\n  z: 2\n  <<: *a\n", "x: &a {k: 1, m: 1}\nb: &b {k: 2, n: 2}\ny:\n  <<: [*a, *b]\n  o: 3\n", "x: &a {k: 1}\nb: &b {k: 2}\ny:\n  <<: *a\n  <<: *b\n",
    "y:\n  <<: {k: 1}\n", "y:\n  <<: 5\n", "y:\n  <<: [1]\n", "y:\n  <<: []\n", "y:\n  '<<': {k: 1}\n", "x: &a {k: 1}\nb: &b {<<: *a, l: 2}\nc: {<<: *b, m: 3}\n",
    "x: [<<, a]\n", "k: <<\n", "x: &a [1, 2]\ny: {z: *a}\n", "&k a: 1\nb: *k\n", "x: &a\ny: *a\n",
    "a: |\n  one\n  two\n", "a: |-\n  one\n  two\n", "a: |+\n  one\n\n\nb: 1\n", "a: |\n  one\n\n\nb: 1\n", "a: >\n  one\n  two\n\n  three\n", "a: >-\n  one\n  two\n",
    "a: >+\n  one\n\n", "a: |2\n    one\n   two\n", "a: |1-\n  one\n", "a: |\n\n  one\n", "a: |\n  one\n    two\n  three\n", "a: >\n  one\n    two\n  three\n", "a: >\n  one\n\n    two\n\n  three\n",
    "a: |\n", "a: |\nb: 1\n", "a: |\n  \n", "- |\n one\n- >\n two\n", "a: |\n  # not a comment\n  x\n", "a: |  # comment\n  x\n", "a: |\n  x\n # comment\n", "a: |\n\t x\n", "a: |\n  \tx\n", "a: |\n  x\t\n",
    "a: |\n  x", "a: |\n  x  \n  y  \n", "a: >\n  x  \n  y  \n", "--- |\n  x\n", "|\n x\n", "a: |\r\n  one\r\n  two\r\n", "a: 1\r\nb: 2\r\n",
    "a: one\n  two\n", "a: one\n\n  two\n", "a: 'one\n  two'\n", "a: 'one\n\n  two'\n", "a: \"one\n  two\"\n", "a: \"one\\\n  two\"\n", "a: \"one \\\n  two\"\n", "a: \"one\\n\n  two\"\n", "- one\n two\n",
    "a: b: c\n", "a: 'b\n", "a: \"b\n", "a: [b\n", "a: {b\n", "a: ]\n", "a\nb\n", "a: 1\n b: 2\n", "  a: 1\nb: 2\n", "a:\n  b: 1\n c: 2\n", "- a\nb: 1\n", "a: 1\n- b\n", "a:\n\tb: 1\n", "\ta: 1\n", "- a\n-b\n",
    "a: @x\n", "a: `x\n", "a: %x\n", "%x: a\n", "a: - b\n", "a: {{ b }}\n", "a: {{ b }} c\n", "a: '{{ b }}'\n", "a: x {{ b }}\n", "{{ a }}: b\n", "a: {b: {{ c }}}\n", "? [a]\n: b\n", "? {a: 1}\n: b\n", "? a\n: b\n", "? a\n", "[a]: b\n",
    "a: [1, 2,]\n", "a: [,]\n", "a: {b: 1,}\n", "a: {b, c}\n", "a: {b: }\n", "a: {b:1}\n", "a: {\"b\":1}\n", "a: [b: 1, c]\n", "a: [1,2]\n", "a: [a b, c d]\n", "a: {\n  b: 1\n}\n", "a: [\n1,\n2\n]\n", "a: [\n  1, # one\n  2\n]\n", "a: [x:y, z]\n", "a: [http://x/y, 'z']\n",
    "{\"a\": 1, \"b\": [true, null, 1.0, \"x\"]}\n", "[\n  1\n]\n", "{\n\t\"a\": 1\n}\n",
    "---\na: 1\n", "---\na: 1\n...\n", "--- a\n", "--- {a: 1}\n", "...\n", "---\n", "", "\n\n", "# c\n", "---\n# c\n", "a: 1\n---\nb: 2\n", "a: 1\n---\n", "%YAML 1.1\n---\na: 017\n", "%YAML 1.2\n---\na: yes\n", "\ufeffa: 1\n",
    "a: 1 # c\n", "a: 'x' # c\n", "a: x#c\n", "a: # c\n  b: 1\n", "# c\na: 1\n\n\n# d\nb: 2\n", "a:    1\n", "a : 1\n", "'a' : 1\n", "\"a\\tb\": 1\n", "a b c: 1\n", "a: x: \n",
    "mode: 0644\n", "mode: '0644'\n", "ports:\n  - 80:80\n  - 22:22\n  - 8080:80\n  - '22:22'\n", "time: 12:30\n", "version: 1.10\n", "country: NO\n", "enabled: yes\nanswer: y\n", "a: !!str 1\nb: !!int '2'\n", "a: !!binary aGk=\n", "a: !!set {x, y}\n", "a: !!omap [x: 1]\n",
    "a: !unsafe '{{ x }}'\n", "a: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  00\n", "a: \x01\n", "a: \"\x07\"\n", "a: \x7f\n", "a: \u0085b\n", "- - a\n  - b\n- - c\n", "-\n  a: 1\n-\n  b: 2\n", "- a: 1\n  b: 2\n- c: 3\n", "-   a: 1\n    b: 2\n", "a:\n    - b\n    -\n    - c\n",
    "a: \"x\\ty\"\n", "a: x\ty\n", "a:\tx\n", "-\ta\n", "a: x\t\n", "a: x \t# c\n", "a: '\tx'\n", "a: \"\\x41\\u0042\"\n", "a: 'x\\ny'\n", "a: * \n", "a: &b\n", "a: &b c\n", "a: !\n", "a: ! x\n", "a: !!str\nb: 1\n", "a: 1\nb:\nc:\n", "a: &x b\nc: &x d\ne: *x\n",
]


def encode(value):
    if value is None:
        return {"t": "null"}
    if isinstance(value, bool):
        return {"t": "bool", "v": value}
    if isinstance(value, int):
        return {"t": "int", "v": str(value)}
    if isinstance(value, float):
        return {"t": "float", "v": repr(value)}
    if isinstance(value, str):
        return {"t": "str", "v": value}
    if isinstance(value, datetime.datetime):
        return {"t": "datetime", "v": str(value), "iso": value.isoformat()}
    if isinstance(value, datetime.date):
        return {"t": "date", "v": str(value), "iso": value.isoformat()}
    if isinstance(value, list):
        return {"t": "list", "v": [encode(item) for item in value]}
    if isinstance(value, dict):
        return {"t": "map", "v": [[encode(key), encode(item)] for key, item in value.items()]}
    return {"t": "other", "v": type(value).__name__}


def load(text):
    try:
        return encode(yaml.safe_load(text))
    except (yaml.YAMLError, ValueError, KeyError, IndexError, AttributeError) as error:
        return {"t": "error", "v": str(error).partition("\n")[0]}


def main():
    words = SCALARS.replace("\\\\", "\\").split()
    texts = list(dict.fromkeys(words + LINES)) + DOCUMENTS
    cases = [{"text": text, "is": load(text)} for text in texts]
    lines = ",\n".join(json.dumps(case, ensure_ascii=True) for case in cases)
    result = f"[\n{lines}\n]\n"
    default = pathlib.Path(__file__).parent.parent / "fixtures" / "pyyaml-cases.json"
    target = sys.argv[1] if len(sys.argv) > 1 else default
    if target == "-":
        sys.stdout.write(result)
    else:
        pathlib.Path(target).write_text(result, encoding="utf-8")


main()
