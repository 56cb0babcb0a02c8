package register

import (
	"bytes"
	"fmt"
	"io"
	"strings"
)

// Reference writes the reference of all registers as Markdown: for each a table of its fields.
func Reference(w io.Writer) error {
	var b bytes.Buffer
	for _, r := range All() {
		fmt.Fprintf(&b, "## `[registers.%s]`\n\n%s.\n%s.\n\n", r.Name, r.EN, r.FR)
		fmt.Fprintf(&b, "Read by: %s.\n\n", strings.Join(r.Readers, ", "))
		b.WriteString("| field | type | needed | words | meaning | sens |\n|---|---|---|---|---|---|\n")
		for i := range r.Fields {
			f := &r.Fields[i]
			needed := ""
			if f.Required {
				needed = "yes"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s |\n", f.Name, f.Type, needed, f.wordTable(), f.EN, f.FR)
		}
		if len(r.SomeOf) > 0 {
			fmt.Fprintf(&b, "\nA row has at least one of %s.\n", strings.Join(r.SomeOf, ", "))
		}
		fmt.Fprintf(&b, "\nExample: `%s`\n\n", r.Example)
	}
	_, err := w.Write(bytes.TrimSuffix(b.Bytes(), []byte("\n")))
	return err
}

// wordTable are the words of a field, each with those that mean the same.
func (f *Field) wordTable() string {
	var list []string
	for _, w := range f.Words {
		text := fmt.Sprintf("`%s`", w.Word)
		if w.When != "" {
			text = fmt.Sprintf("%s: %s", w.When, text)
		}
		if len(w.Also) > 0 {
			text += " (" + strings.Join(w.Also, ", ") + ")"
		}
		list = append(list, text)
	}
	if f.Names != "" {
		list = append(list, f.Names+": any name")
	}
	return strings.Join(list, "; ")
}
