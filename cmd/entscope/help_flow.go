package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/entscope/entscope/anonymize/subject"
)

// listFlow writes the graph of the statements as a block of code: its lines stand
// as they are on a terminal and on a manual page.
func listFlow(w io.Writer) error {
	graph, err := subject.Flow()
	if err != nil {
		return err
	}
	var b strings.Builder
	if err := graph.WriteText(&b); err != nil {
		return err
	}
	_, err = io.WriteString(w, "    "+strings.ReplaceAll(strings.TrimSpace(b.String()), "\n", "\n    ")+"\n")
	return err
}

// writeFlow writes the graph of the statements in the language of Graphviz.
func writeFlow(w io.Writer) error {
	graph, err := subject.Flow()
	if err != nil {
		return err
	}
	return graph.WriteDOT(w)
}

// errFormat refuses a format that a topic does not have.
func errFormat(topic, format string) error {
	return withExit(exitUsage,
		fmt.Errorf("help %s: no format %q; hint: text; dot for flow; schema for %s", topic, format, schemaList()))
}
