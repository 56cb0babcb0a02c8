package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/entscope/entscope/ingest/directory"
	"github.com/entscope/entscope/ingest/format"
	"github.com/entscope/entscope/ingest/format/combined"
	"github.com/entscope/entscope/ingest/format/mapped"
	"github.com/entscope/entscope/ingest/tabular"
)

// listRead writes the formats that a source may have, with their own keys, and the
// fields of the files that are mapped.
func listRead(w io.Writer) error {
	for _, f := range format.All() {
		keys := ""
		if len(f.Needs) > 0 {
			keys += "; needs " + strings.Join(f.Needs, ", ")
		}
		if len(f.Takes) > 0 {
			keys += "; takes " + strings.Join(f.Takes, ", ")
		}
		if _, err := fmt.Fprintf(w, "- `%s` %s%s.\n", f.Name, f.English, keys); err != nil {
			return err
		}
	}
	return listFields(w)
}

// fieldKinds are the types of fields in the words of somebody who has the file.
var fieldKinds = map[tabular.Kind]string{
	tabular.Text: "text", tabular.Date: "day", tabular.DateTime: "instant", tabular.Until: "end",
	tabular.Integer: "integer", tabular.Tenths: "decimal", tabular.Presence: "there or not", tabular.Flag: "oui or non",
}

// listFields writes which fields a mapping may name, by table.
func listFields(w io.Writer) error {
	_, err := fmt.Fprint(w, "\n## Fields of mapped files\n\n"+
		"What `columns`, `values` and `constants` may name; those of registers are in `entscope help registers`.\n\n")
	for _, t := range []struct {
		heading string
		fields  []tabular.Field
	}{
		{"[[source]] of format csv", mapped.Fields}, {"[[directory.accounts]]", directory.AccountFields},
		{"[[directory.persons]]", directory.PersonFields}, {"[[directory.merges]]", directory.MergeFields},
		{"[objections]", directory.ObjectionFields}, {"[reference.schools]", directory.SchoolFields},
	} {
		var fields []string
		for _, f := range t.fields {
			needed := ""
			if f.Required {
				needed = ", needed"
			}
			fields = append(fields, fmt.Sprintf("`%s` (%s%s)", f.Name, fieldKinds[f.Kind], needed))
		}
		if err == nil {
			_, err = fmt.Fprintf(w, "- `%s`: %s.\n", t.heading, strings.Join(fields, ", "))
		}
	}
	return err
}

// listLayouts writes the names that the layout of an access log may have.
func listLayouts(w io.Writer) error {
	layouts, carriers := combined.NamedLayouts()
	for _, list := range []struct {
		heading string
		names   []combined.Named
	}{{"## Layouts that have a name", layouts}, {"## What carries lines to a log", carriers}} {
		if _, err := fmt.Fprintf(w, "\n%s\n\n", list.heading); err != nil {
			return err
		}
		for _, n := range list.names {
			if _, err := fmt.Fprintf(w, "- `%s` %s.\n", n.Name, n.Writer); err != nil {
				return err
			}
		}
	}
	return nil
}
