package report

import (
	"strings"

	"github.com/entscope/entscope/analysis/wording"
)

// text is the value in words: "23 % [21 ; 25]", "entre 4 et 9 %", or why not.
func (v value) text(l lang, u unit) string {
	switch v.state {
	case absent:
		return "–"
	case hidden:
		if v.few {
			return l.T("non diffusé (effectif trop faible)", "not released (too few people)")
		}
		return l.T("non diffusé (secret statistique)", "not released (statistical secrecy)")
	case unmeasured:
		return l.T("non mesurable", "not measurable")
	}
	switch {
	case v.point && !v.bounds:
	case u.percent && v.low <= 0:
		return l.T("moins de ", "less than ") + u.text(l, v.high)
	case u.percent && v.high >= 100:
		return l.T("plus de ", "more than ") + u.text(l, v.low)
	default:
		if u.bare(l, v.low) == u.bare(l, v.high) {
			return u.text(l, v.high)
		}
		return l.T("entre ", "between ") + u.bare(l, v.low) + l.T(" et ", " and ") + u.text(l, v.high)
	}
	s := u.text(l, v.est)
	if v.interval {
		s += wording.NBSP + "[" + u.bare(l, v.low) + l.T(" ;", ";") + wording.NBSP + u.bare(l, v.high) + "]"
	}
	return s
}

// short is the point alone, or the range.
func (v value) short(l lang, u unit) string {
	if v.state == shown && v.point && !v.bounds {
		return u.text(l, v.est)
	}
	return v.text(l, u)
}

// brief is short as it fits into a cell: « < 1 % » for less than 1 %.
func (v value) brief(l lang, u unit) string {
	if v.state == shown && (!v.point || v.bounds) && v.low <= 0 {
		return "<" + wording.NBSP + u.text(l, v.high)
	}
	return v.short(l, u)
}

// cell is brief in a table of many columns, which says once what its short words stand for
// (abbreviated).
func (v value) cell(l lang, u unit) string {
	switch v.state {
	case hidden:
		return l.T("nd", "nr")
	case unmeasured:
		return l.T("nm", "nm")
	}
	return v.brief(l, u)
}

// abbreviated says what the short words of tables stand for.
func abbreviated(l lang) string {
	return l.T("nd : non diffusé ; nm : non mesurable.", "nr: not released; nm: not measurable.")
}

// why is the full sentence of an unshown value.
func (v value) why(l lang) string {
	s := v.text(l, share)
	if reason := v.because(l); v.state == unmeasured && reason != "" {
		s += l.Colon() + reason
	}
	return s
}

// orWhy is the value, or the sentence why it is missing.
func (v value) orWhy(l lang, u unit) string {
	if v.state == unmeasured {
		return v.why(l)
	}
	return v.short(l, u)
}

// broken is text that may break before its interval: a sheet of paper holds as many columns.
func (v value) broken(l lang, u unit) string {
	return strings.ReplaceAll(v.text(l, u), wording.NBSP+"[", " [")
}
