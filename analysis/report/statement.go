package report

import (
	"slices"
	"strconv"
	"strings"

	"github.com/entscope/entscope/analysis/indicator"
	"github.com/entscope/entscope/analysis/question"
	"github.com/entscope/entscope/analysis/wording"
)

// A statement is one number of the whole population in words: the demo and the README say
// it in the same ones, made of the words of the report.
type statement struct {
	Value string // "41 %", "between 17 and 43%", "not measurable"
	Text  string // completes the value
	Doubt string // the interval, "" when the value is one or there is none
	shown bool
}

// state words the number of a reference; false when nobody computed it.
func (d *drawer) state(ref question.Ref, text question.Text) (statement, bool) {
	u := unitOfRef(ref)
	v, ok := d.find(ref, group{}, u)
	if !ok {
		return statement{}, false
	}
	said := statement{Value: v.short(d.lang, u), Text: d.said(text, v), shown: v.state == shown}
	if d.doubt(v, u) != "" {
		low, high := v.ends(d.lang, u)
		said.Doubt = d.lang.T(" ; de ", "; ") + low + d.lang.T(" à ", " to ") +
			strings.Replace(high, "×"+wording.NBSP, "", 1)
	}
	return said, true
}

// Headlines are the lines of the demo: the id of a question, and its number in words.
func Headlines(in Input) ([]string, error) {
	l, err := wording.Parse(in.Lang)
	if err != nil {
		return nil, err
	}
	results := slices.DeleteFunc(slices.Clone(in.Results), func(r indicator.Result) bool {
		return r.Edition == "schools"
	})
	d := &drawer{lang: l, subject: in.Facts.Subject, results: results, used: make([]bool, len(results))}
	var out []string
	for _, h := range question.Headlines() {
		switch said, ok := d.state(h.Ref, h.Text); {
		case ok && said.shown:
			out = append(out, h.Question+"  "+said.Value+" "+said.Text+said.Doubt)
		case ok:
			out = append(out, h.Question+"  "+said.Value+d.lang.Colon()+"… "+said.Text)
		}
	}
	return out, nil
}

// said picks the language of a text that completes a value, and says how long was looked.
func (d *drawer) said(t question.Text, v value) string {
	return strings.ReplaceAll(d.words(t), "{window}", v.window(d.lang))
}

// window is « en 14 semaines » for a value that depends on it, "" for any other.
func (v value) window(l lang) string {
	weeks, ok := indicator.WindowOf(v.warnings)
	if !ok {
		return ""
	}
	return l.T(" en ", " in ") + strconv.Itoa(weeks) + l.T(" semaines", " weeks")
}

// doubt is the interval in brackets, in words.
func (d *drawer) doubt(v value, u unit) string {
	if !v.interval || v.bounds || !v.point {
		return ""
	}
	low, high := v.ends(d.lang, u)
	return d.lang.T(" (intervalle à 95 % : de ", " (95% interval: ") + low + d.lang.T(" à ", " to ") + high + ")"
}

// ends are those of an interval, in words. An end that is rounded onto « no effect » is
// beyond it where the test, made before rounding, says so.
func (v value) ends(l lang, u unit) (low, high string) {
	low, high = u.bare(l, v.low), u.text(l, v.high)
	none := 0.0
	if u.times {
		none = 1
	}
	switch {
	case v.beyond == indicator.Above && v.low == none:
		low = l.T("plus de ", "above ") + low
	case v.beyond == indicator.Below && v.high == none:
		high = l.T("moins de ", "below ") + high
	}
	return low, high
}
