"""Reads the small part of Go in which default profiles are written, and refuses everything else."""

import re

TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|//[^\n]*|/\*.*?\*/)
      |(?P<newline>\n)
      |(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)
      |(?P<number>0[xX][0-9a-fA-F]+|[0-9]+)
      |(?P<word>[A-Za-z_][A-Za-z0-9_]*)
      |(?P<sign>:=|==|!=|&&|\|\||<=|>=|[-+*/|&!<>=:;,.(){}\[\]])""",
    re.VERBOSE | re.DOTALL,
)
# After these a newline ends a statement (The Go Programming Language Specification, "Semicolons").
ENDS = {"string", "number", "word"}
ENDING_SIGNS = {")", "]", "}"}
OPENING_WORDS = {"case", "else", "if", "switch", "for", "range", "const", "var", "func", "struct"}
PRECEDENCE = {"||": 1, "&&": 2, "==": 3, "!=": 3, "<": 3, ">": 3, "|": 4, "+": 4, "-": 4, "&": 5, "*": 5}


class Unknown(Exception):
    """Something that this reader does not know; nothing is guessed."""


def tokens(text):
    """Pairs of kind and text, with the semicolons that Go leaves out."""
    found, at = [], 0
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            raise Unknown(f"line {text.count(chr(10), 0, at) + 1}: {text[at:at + 30]!r}")
        at = match.end()
        kind = match.lastgroup
        if kind == "newline" and found:
            last = found[-1]
            if last[0] in ENDS and last[1] not in OPENING_WORDS or last[1] in ENDING_SIGNS:
                found.append(("sign", ";"))
        elif kind not in ("space", "newline"):
            found.append((kind, match.group()))
    return found


class Reader:
    """Makes trees of tuples: ("name", n), ("text", s), ("number", n), ("field", x, n), ("call", f, args),
    ("index", x, i), ("literal", type, [(key, value)]), ("unary", sign, x), ("binary", sign, x, y), ("function", block)."""

    def __init__(self, text):
        self.tokens = tokens(text) + [("end", "")]
        self.at = 0

    def peek(self, ahead=0):
        return self.tokens[min(self.at + ahead, len(self.tokens) - 1)][1]

    def take(self, wanted=None):
        kind, text = self.tokens[self.at]
        if wanted is not None and text != wanted:
            near = " ".join(each[1] for each in self.tokens[max(0, self.at - 12):self.at + 4])
            raise Unknown(f"{wanted!r} is missing: {near}")
        self.at += 1
        return kind, text

    def is_next(self, text):
        if self.peek() == text and self.tokens[self.at][0] != "string":
            self.at += 1
            return True
        return False

    def functions(self):
        """The bodies of all functions without a receiver, by their names."""
        found, depth = {}, 0
        while self.peek() or self.tokens[self.at][0] != "end":
            if depth == 0 and self.peek() == "func" and self.tokens[self.at + 1][0] == "word":
                self.take()
                name = self.take()[1]
                while self.peek() != "{":
                    self.take()
                begin = self.at
                try:
                    found[name] = self.block()
                except Unknown as unknown:
                    # Only what is called must be understood.
                    found[name] = unknown
                    self.at = begin
                continue
            text = self.take()[1]
            depth += (text in "{(") - (text in "})") if text else 0
        return found

    def block(self):
        self.take("{")
        statements = self.statements()
        self.take("}")
        return statements

    def statements(self):
        found = []
        while self.peek() not in ("}", "case", "default"):
            if not self.is_next(";"):
                found.append(self.statement())
                if self.peek() not in ("}", "case", "default"):
                    self.take(";")
        return found

    def statement(self):
        word = self.peek()
        if word == "return":
            self.take()
            return ("return", None if self.peek() in (";", "}") else self.expression())
        if word == "if":
            return self.condition()
        if word == "switch":
            self.take()
            subject = self.expression(literals=False)
            self.take("{")
            cases = []
            while not self.is_next("}"):
                values = None
                if self.is_next("case"):
                    values = self.expressions()
                else:
                    self.take("default")
                self.take(":")
                cases.append((values, self.statements()))
            return ("switch", subject, cases)
        if word == "for":
            self.take()
            names = [self.take()[1]]
            while self.is_next(","):
                names.append(self.take()[1])
            self.take(":=")
            self.take("range")
            over = self.expression(literals=False)
            return ("for", names, over, self.block())
        if word == "const":
            self.take()
            self.take("(")
            found = []
            while not self.is_next(")"):
                name = self.take()[1]
                self.take("=")
                found.append(("set", [("name", name)], self.expression()))
                self.is_next(";")
            return ("several", found)
        if word == "var":
            self.take()
            name = self.take()[1]
            self.type()
            value = self.expression() if self.is_next("=") else None
            return ("set", [("name", name)], value)
        return self.simple()

    def simple(self):
        left = self.expressions()
        if self.is_next(":=") or self.is_next("="):
            return ("set", left, self.expression())
        return ("do", left[0])

    def condition(self):
        self.take("if")
        literals, before = False, None
        first = self.simple_of_condition()
        if self.is_next(";"):
            before = first
            test = self.expression(literals=literals)
        else:
            test = first[1]
        then = self.block()
        otherwise = []
        if self.is_next("else"):
            otherwise = [self.condition()] if self.peek() == "if" else self.block()
        return ("if", before, test, then, otherwise)

    def simple_of_condition(self):
        left = [self.expression(literals=False)]
        while self.is_next(","):
            left.append(self.expression(literals=False))
        if self.is_next(":="):
            return ("set", left, self.expression(literals=False))
        return ("do", left[0])

    def expressions(self):
        found = [self.expression()]
        while self.is_next(","):
            found.append(self.expression())
        return found

    def expression(self, literals=True, above=0):
        left = self.unary(literals)
        while PRECEDENCE.get(self.peek(), 0) > above and self.tokens[self.at][0] == "sign":
            sign = self.take()[1]
            left = ("binary", sign, left, self.expression(literals, PRECEDENCE[sign]))
        return left

    def unary(self, literals):
        if self.peek() in ("&", "!", "*", "-") and self.tokens[self.at][0] == "sign":
            return ("unary", self.take()[1], self.unary(literals))
        return self.primary(literals)

    def primary(self, literals):
        kind, text = self.tokens[self.at]
        if kind == "string":
            self.take()
            found = ("text", text[1:-1])
        elif kind == "number":
            self.take()
            found = ("number", int(text, 0))
        elif text == "(":
            self.take()
            found = self.expression()
            self.take(")")
        elif text == "[":
            found = self.literal(self.type())
        elif text == "func":
            self.take()
            self.take("(")
            self.take(")")
            found = ("function", self.block())
        elif kind == "word":
            self.take()
            found = ("name", text)
        else:
            raise Unknown(f"{text!r} begins no expression")
        while True:
            if self.is_next("."):
                found = ("field", found, self.take()[1])
            elif self.peek() == "(":
                self.take()
                arguments = []
                while not self.is_next(")"):
                    arguments.append(self.expression())
                    self.is_next("...")
                    self.is_next(",")
                found = ("call", found, arguments)
            elif self.peek() == "[":
                self.take()
                index = self.expression()
                self.take("]")
                found = ("index", found, index)
            elif self.peek() == "{" and literals and found[0] in ("name", "field"):
                found = self.literal(found)
            else:
                return found

    def literal(self, kind):
        self.take("{")
        parts = []
        while not self.is_next("}"):
            value = self.element()
            if self.is_next(":"):
                parts.append((value, self.element()))
            else:
                parts.append((None, value))
            if self.peek() != "}":
                self.take(",")
            self.is_next(";")
        return ("literal", kind, parts)

    def element(self):
        return self.literal(None) if self.peek() == "{" else self.expression()

    def type(self):
        """Types are passed over: the fields of what is written say what it is."""
        if self.is_next("["):
            if not self.is_next("]"):
                self.expression()
                self.take("]")
            return self.type()
        if self.is_next("*"):
            return self.type()
        if self.is_next("struct"):
            self.take("{")
            while not self.is_next("}"):
                self.take()
            return ("name", "struct")
        found = ("name", self.take()[1])
        while self.is_next("."):
            found = ("field", found, self.take()[1])
        return found
