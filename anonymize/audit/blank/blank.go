// Package blank says whether a line that a person has to fill in says anything: whoever takes the controller's word
// asks it, the study before a publication is made, the audit of its legal record, and the officer's papers. It imports
// nothing of the house.
package blank

import (
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// placeholder begins a line, or a bracket in it, where somebody still has to say something; without accents.
const placeholder = `(?:a (?:completer|definir|renseigner|preciser|decider|remplir|saisir)\b|` +
	`to ?do\b|to (?:decide|fill|complete|be)\b|fill in\b|tbd\b|tba\b|fixme\b|n/a\b|na$|n\.a\.|xx+\b|lorem ipsum\b)`

var (
	begun = regexp.MustCompile(`^[\pP\pS\s]*` + placeholder + `|[\[({<]\s*` + placeholder)
	// bracketed is what stands for a word to come, such as <name> or [à qui]; an address stands in such brackets, too.
	bracketed = regexp.MustCompile(`\[[^\]]*\]|\{[^}]*\}|<[^<>@:]*>`)
	// reference is what digits say without a word: a date, the number of an act.
	reference = regexp.MustCompile(`[0-9][\pP\pS]+[0-9]`)
)

// Line reports whether a text says nothing: it is empty but for what does not print, punctuation alone or digits alone,
// or a placeholder. "2026-09" is a date and says something; "aucun" is an answer.
func Line(text string) bool {
	text = visible(text)
	if begun.MatchString(text) {
		return true
	}
	letters, digits := 0, 0
	text = bracketed.ReplaceAllString(text, " ")
	for _, r := range text {
		switch {
		case unicode.IsLetter(r):
			letters++
		case unicode.IsDigit(r):
			digits++
		}
	}
	if letters == 0 {
		return digits < 4 || !reference.MatchString(text)
	}
	return letters == 1 && digits == 0
}

// visible is what one sees of a text: small letters without accents, one kind of space, no character that prints
// nothing, whatever its category.
func visible(text string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r), unicode.Is(unicode.M, r), r == brailleBlank,
			unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r):
			return -1
		}
		return r
	}, norm.NFKD.String(text)))
}

// brailleBlank is the pattern without dots: a symbol that shows nothing.
const brailleBlank = '\u2800'
