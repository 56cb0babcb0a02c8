package tabular

import (
	"bytes"
	"fmt"
	"strings"
)

// headingsHint says what is perhaps wrong where the headings of a mapping are not in the first line of a text: another
// delimiter, lines before them, or none at all. Empty where nothing is seen.
func (m *Mapping) headingsHint(head []byte) string {
	if !m.hasHeader() {
		return ""
	}
	if enc, _ := charset(m.Charset); enc != nil {
		if text, err := enc.NewDecoder().Bytes(head); err == nil {
			head = text
		}
	}
	var wanted []string
	for _, column := range m.Columns {
		if name, ok := column.(string); ok {
			wanted = append(wanted, name)
		}
	}
	current, _ := m.delimiter()
	lines := bytes.FieldsFunc(head, func(r rune) bool { return r == '\n' || r == '\r' })
	for i, line := range lines[:min(len(lines), 20)] {
		for _, delimiter := range []byte{current, ';', '\t', ',', '|'} {
			if !holds(strings.Split(string(line), string(delimiter)), wanted) {
				continue
			}
			var hints []string
			if i > m.Skip {
				hints = append(hints, fmt.Sprintf("skip = %d", i))
			}
			switch {
			case delimiter == current:
			case delimiter == '\t':
				hints = append(hints, `delimiter = "tab"`)
			default:
				hints = append(hints, fmt.Sprintf("delimiter = %q", string(delimiter)))
			}
			if len(hints) > 0 {
				return "; hint: " + strings.Join(hints, ", ")
			}
		}
	}
	if len(lines) > m.Skip && isData(strings.Split(string(lines[m.Skip]), string(current)), wanted) {
		return "; hint: header = false and columns by their number: the first line seems to hold data"
	}
	return ""
}

// isData reports whether a line is none of headings: it has no wanted one, and a date or a long number.
func isData(fields, wanted []string) bool {
	for _, name := range wanted {
		if indexOf(fields, name) >= 0 {
			return false
		}
	}
	for _, f := range fields {
		f = strings.Trim(f, "\ufeff\" ")
		count := 0
		for _, c := range f {
			if c >= '0' && c <= '9' {
				count++
			}
		}
		if count >= 6 && strings.Trim(f, "0123456789/-.:,+TZ ") == "" {
			return true
		}
	}
	return false
}

// holds reports whether all wanted names are among the fields of a line.
func holds(fields, wanted []string) bool {
	for i := range fields {
		fields[i] = strings.Trim(fields[i], "\ufeff\" ")
	}
	for _, name := range wanted {
		if indexOf(fields, name) < 0 {
			return false
		}
	}
	return len(wanted) > 0
}
