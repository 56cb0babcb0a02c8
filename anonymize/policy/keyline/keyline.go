// Package keyline reads the TOML that people write, studies and policies. Decode
// fills a struct and says in the writer's words what does not fit it; Read finds the
// lines on which keys stand, so that a fault that only shows once the file is decoded
// can still say where it is.
package keyline

import (
	"fmt"
	"strings"

	"github.com/pelletier/go-toml/v2/unstable"
)

// Lines are the 1-based lines of keys and tables, by path: the keys from the top,
// joined by dots, with the 0-based number of the table where a key names an array
// of tables: "source[1].csv.values.profile".
type Lines map[string]int

// Of is the line of a path or, where its key is not written, of the table that
// should hold it; 0 when not even that stands in the file.
func (l Lines) Of(path string) int {
	for {
		if line := l[path]; line > 0 {
			return line
		}
		end := strings.LastIndexByte(path, '.')
		if end < 0 {
			return 0
		}
		path = path[:end]
	}
}

// Read finds the lines of a text that is TOML; of any other, what it understands.
func Read(data []byte) Lines {
	r := reader{lines: Lines{}, tables: map[string]int{}}
	r.parser.Reset(data)
	table := ""
	for r.parser.NextExpression() {
		switch e := r.parser.Expression(); e.Kind {
		case unstable.Table:
			keys, line := r.keys(e)
			table = r.resolve(keys)
			r.lines[table] = line
		case unstable.ArrayTable:
			keys, line := r.keys(e)
			last := len(keys) - 1
			table = child(r.resolve(keys[:last]), keys[last])
			n := r.tables[table]
			r.tables[table]++
			table = fmt.Sprintf("%s[%d]", table, n)
			r.lines[table] = line
		case unstable.KeyValue:
			r.add(table, e)
		}
	}
	return r.lines
}

type reader struct {
	parser unstable.Parser
	lines  Lines
	tables map[string]int // how many of each array of tables there are so far
}

// keys are those of an expression, with the line of the first.
func (r *reader) keys(e *unstable.Node) (keys []string, line int) {
	for it := e.Key(); it.Next(); {
		if line == 0 {
			line = r.parser.Shape(it.Node().Raw).Start.Line
		}
		keys = append(keys, string(it.Node().Data))
	}
	return keys, line
}

// resolve is the path of a table's header, in which an array of tables stands for
// the latest of them.
func (r *reader) resolve(keys []string) string {
	path := ""
	for _, key := range keys {
		path = child(path, key)
		if n := r.tables[path]; n > 0 {
			path = fmt.Sprintf("%s[%d]", path, n-1)
		}
	}
	return path
}

// add notes the line of a key, and those of the inline tables in its value.
func (r *reader) add(table string, e *unstable.Node) {
	keys, line := r.keys(e)
	path := child(table, strings.Join(keys, "."))
	r.lines[path] = line
	r.value(path, e.Value())
}

func (r *reader) value(path string, value *unstable.Node) {
	children := value.Children()
	for n := 0; children.Next(); n++ {
		switch value.Kind {
		case unstable.InlineTable:
			r.add(path, children.Node())
		case unstable.Array:
			r.value(fmt.Sprintf("%s[%d]", path, n), children.Node())
		}
	}
}

func child(table, key string) string {
	if table == "" {
		return key
	}
	return table + "." + key
}
