package report

import "github.com/entscope/entscope/analysis/wording"

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
