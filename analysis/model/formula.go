package model

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
)

// Formula is a response and the terms that explain it.
type Formula struct {
	Response Response
	Terms    []Term
	// Text is what was read.
	Text string
}

// Response is a measure, a curve, or a column of the person table with the value whose
// share is explained.
type Response struct {
	Name
	Operator string // "", "=" or ">="
	Value    Name
}

// Term is a product of factors: one is a main effect, several an interaction.
type Term []Factor

// Factor is a grouping or a column, by its values or by their rank.
type Factor struct {
	Name
	// Trend takes the rank of the value, from 0, in the place of one column a value.
	Trend bool
}

// Name is a word of a formula and where it stands.
type Name struct {
	Word string
	// At is the position of its first character, from 1.
	At int
}

// String writes the factor as it is asked.
func (f Factor) String() string {
	if f.Trend {
		return "trend(" + f.Word + ")"
	}
	return f.Word
}

// String writes the term as it is asked.
func (t Term) String() string {
	words := make([]string, len(t))
	for i, f := range t {
		words[i] = f.String()
	}
	return strings.Join(words, ":")
}

// FormulaError is a fault of a formula at a position.
type FormulaError struct {
	At   int
	What string
}

func (e FormulaError) Error() string {
	return fmt.Sprintf("formula: at character %d: %s", e.At, e.What)
}

// Parse reads
//
//	formula  = response "~" term { "+" term } .
//	response = word [ ( "=" | ">=" ) word ] .
//	term     = "1" | factor { ( "*" | ":" ) factor } .
//	factor   = word | "trend" "(" word ")" .
//
// a*b is a + b + a:b. A word is letters, digits and . _ - or text in quotation marks. A
// term that is asked twice stands once.
func Parse(text string) (Formula, error) {
	p := parser{tokens: scan(text)}
	f := Formula{Text: strings.Join(strings.Fields(text), " ")}
	f.Response.Name = p.word("the response: a measure, a curve or a column of the person table")
	if op := p.take("=", ">="); op != "" {
		f.Response.Operator, f.Response.Value = op, p.word("a value after "+op)
	}
	p.need("~", `"~" and then the factors`)
	for {
		f.add(p.term())
		if p.take("+") == "" {
			break
		}
	}
	if p.fault == nil && p.next().text != "" {
		p.fail(`"+", "*", ":" or the end, not %q`, p.next().text)
	}
	return f, p.err()
}

// add adds a product of factors: with all their parts when it was written with "*".
func (f *Formula) add(product Term, crossed bool) {
	if len(product) == 0 {
		return
	}
	parts := []Term{product}
	if crossed {
		parts = nil
		for mask := 1; mask < 1<<len(product); mask++ {
			var t Term
			for i, factor := range product {
				if mask>>i&1 == 1 {
					t = append(t, factor)
				}
			}
			parts = append(parts, t)
		}
		slices.SortStableFunc(parts, func(a, b Term) int { return len(a) - len(b) })
	}
	for _, t := range parts {
		if !slices.ContainsFunc(f.Terms, func(o Term) bool { return o.String() == t.String() }) {
			f.Terms = append(f.Terms, t)
		}
	}
}

// factors lists the factors of the formula, in order of appearance.
func (f Formula) factors() (out []Factor) {
	for _, t := range f.Terms {
		for _, factor := range t {
			if !slices.ContainsFunc(out, func(o Factor) bool { return o.Word == factor.Word }) {
				out = append(out, factor)
			}
		}
	}
	return out
}

type token struct {
	text string
	word bool
	at   int
}

// scan cuts a text into words and signs.
func scan(text string) (out []token) {
	runes := []rune(text)
	inWord := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r)
	}
	for i := 0; i < len(runes); {
		r, start := runes[i], i
		switch {
		case unicode.IsSpace(r):
			i++
			continue
		case r == '"' || r == '\'':
			for i++; i < len(runes) && runes[i] != r; i++ {
			}
			if i == len(runes) { // never closed: a sign that stands nowhere
				return append(out, token{string(r), false, start + 1})
			}
			out = append(out, token{string(runes[start+1 : i]), true, start + 1})
			i++
			continue
		case inWord(r):
			for ; i < len(runes) && inWord(runes[i]); i++ {
			}
		case r == '>' && i+1 < len(runes) && runes[i+1] == '=':
			i += 2
		default:
			i++
		}
		out = append(out, token{string(runes[start:i]), inWord(r), start + 1})
	}
	return append(out, token{at: len(runes) + 1})
}

// parser keeps the first fault.
type parser struct {
	tokens []token
	fault  error
}

func (p *parser) next() token { return p.tokens[0] }

func (p *parser) fail(format string, args ...any) {
	if p.fault == nil {
		p.fault = FormulaError{p.next().at, "expected " + fmt.Sprintf(format, args...)}
	}
}

func (p *parser) err() error { return p.fault }

func (p *parser) advance() token {
	t := p.tokens[0]
	if len(p.tokens) > 1 {
		p.tokens = p.tokens[1:]
	}
	return t
}

// take reads one of some signs, "" when another stands there.
func (p *parser) take(signs ...string) string {
	if t := p.next(); p.fault == nil && !t.word && slices.Contains(signs, t.text) {
		return p.advance().text
	}
	return ""
}

func (p *parser) need(sign, what string) {
	if p.take(sign) == "" {
		p.fail("%s", what)
	}
}

func (p *parser) word(what string) Name {
	t := p.next()
	if !t.word || t.text == "" {
		p.fail("%s", what)
		return Name{}
	}
	p.advance()
	return Name{t.text, t.at}
}

// term reads a product; a constant alone has no factor. crossed says that it was written
// with "*".
func (p *parser) term() (t Term, crossed bool) {
	if n := p.next(); n.word && n.text == "1" {
		p.advance()
		return nil, false
	}
	for {
		f := Factor{Name: p.word("a factor")}
		if f.Word == "trend" && p.take("(") != "" {
			f.Name, f.Trend = p.word("a factor whose values have an order"), true
			p.need(")", `")"`)
		}
		if slices.ContainsFunc(t, func(o Factor) bool { return o.Word == f.Word }) {
			if p.fault == nil {
				p.fault = FormulaError{f.At, fmt.Sprintf("%q stands twice in one term", f.Word)}
			}
		}
		t = append(t, f)
		if len(t) > 3 && p.fault == nil {
			p.fault = FormulaError{f.At, "a term has at most 3 factors"}
		}
		sign := p.take("*", ":")
		if sign == "" {
			return t, crossed
		}
		crossed = crossed || sign == "*"
	}
}
