// Package reference writes what the help topics and editors know of keys from the
// structs that read them, so that a key is documented where it is declared and nowhere
// else: by the field's comment and its tags (keyline.Decode).
//
// A topic holds pairs of marks:
//
//	<!-- keys internal/study.Source [[source]] -->
//	<!-- end -->
//
// Fill puts between them a heading with the table's name and, for each field of the
// struct with a toml tag, a list item: key, type, the field's comment, the words it
// may be, what holds when it is unset, an example. The folder of the package is
// relative to the folder given to Fill. Schema says the same as a JSON Schema. A
// field without a comment is an error: an undocumented key does not pass.
package reference

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/entscope/entscope/anonymize/policy/keyline"
)

var mark = regexp.MustCompile(`(?s)<!-- keys (\S+)\.(\w+) (\S.*?) -->\n.*?<!-- end -->`)

// Fill gives text with the list of keys between each pair of marks made anew from
// the sources below dir. Lists are those that tags name.
func Fill(dir string, text []byte, lists map[string][]string) ([]byte, error) {
	var fault error
	out := mark.ReplaceAllFunc(text, func(found []byte) []byte {
		m := mark.FindSubmatch(found)
		keys, err := read(filepath.Join(dir, string(m[1])), string(m[2]))
		if err != nil {
			fault = err
			return found
		}
		var list strings.Builder
		for _, k := range keys {
			list.WriteString(wrap(k.item(lists)))
		}
		head, _, _ := bytes.Cut(found, []byte("\n"))
		return fmt.Appendf(nil, "%s\n\n### `%s`\n\n%s\n<!-- end -->", head, m[3], list.String())
	})
	return out, fault
}

// key is a field of a struct with a toml tag, as its source tells it.
type key struct {
	keyline.Field
	kind, meaning string
}

// read lists the keys of a struct.
func read(folder, name string) ([]key, error) {
	decl, err := find(folder, name)
	if err != nil {
		return nil, err
	}
	var keys []key
	for _, f := range decl.Fields.List {
		if f.Tag == nil {
			continue
		}
		tag := reflect.StructTag(strings.Trim(f.Tag.Value, "`"))
		k := key{Field: keyline.Field{StructField: reflect.StructField{Tag: tag}}, kind: kind(f.Type)}
		if k.Key, _, _ = strings.Cut(tag.Get("toml"), ","); k.Key == "" || k.Key == "-" {
			continue
		}
		meaning := strings.TrimSpace(f.Doc.Text() + f.Comment.Text())
		if meaning == "" {
			return nil, fmt.Errorf("reference: %s.%s: key %s has no comment", folder, name, k.Key)
		}
		k.meaning = strings.TrimSuffix(strings.Join(strings.Fields(meaning), " "), ".")
		keys = append(keys, k)
	}
	return keys, nil
}

// item is the key in a list of Markdown.
func (k key) item(lists map[string][]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "- `%s` (%s): ", k.Key, k.kind)
	if k.Needed() {
		b.WriteString("needed; ")
	}
	b.WriteString(k.meaning + ".")
	if words := k.Words(lists); words != nil {
		fmt.Fprintf(&b, " One of %s.", strings.Join(words, ", "))
	}
	if words := k.Hints(lists); words != nil {
		fmt.Fprintf(&b, " Such as %s.", strings.Join(words, ", "))
	}
	if value, ok := k.Tag.Lookup("default"); ok {
		fmt.Fprintf(&b, " If unset: `%s`.", literal(k.kind, value))
	}
	if value, ok := k.Tag.Lookup("example"); ok {
		fmt.Fprintf(&b, " Example: `%s = %s`.", k.Key, literal(k.kind, value))
	}
	return b.String()
}

// literal writes the text of a tag as TOML: the texts of a list are separated by
// commas, and so are the entries of a table, KEY=TEXT or KEY=KEY:TEXT.
func literal(kind, value string) string {
	switch kind {
	case "text", "duration", "text or table":
		return strconv.Quote(value)
	case "list of texts":
		var texts []string
		for _, one := range strings.Split(value, ",") {
			texts = append(texts, strconv.Quote(one))
		}
		return "[" + strings.Join(texts, ", ") + "]"
	case "table":
		var entries []string
		for _, entry := range strings.Split(value, ",") {
			name, text, _ := strings.Cut(entry, "=")
			if inner, word, nested := strings.Cut(text, ":"); nested {
				text = fmt.Sprintf("{ %s = %q }", inner, word)
			} else {
				text = strconv.Quote(text)
			}
			entries = append(entries, name+" = "+text)
		}
		return "{ " + strings.Join(entries, ", ") + " }"
	}
	return value
}

// find parses the package in folder and gives its struct of that name.
func find(folder, name string) (*ast.StructType, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.go"))
	if err != nil {
		return nil, err
	}
	for _, file := range files {
		syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			return nil, fmt.Errorf("reference: %w", err)
		}
		for _, d := range syntax.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range g.Specs {
				if t, ok := spec.(*ast.TypeSpec); ok && t.Name.Name == name {
					if s, ok := t.Type.(*ast.StructType); ok {
						return s, nil
					}
				}
			}
		}
	}
	return nil, fmt.Errorf("reference: no struct %s in %s", name, folder)
}

// kind is a Go type in the words of somebody who writes TOML.
func kind(t ast.Expr) string {
	switch t := t.(type) {
	case *ast.Ident:
		if word, ok := kinds[t.Name]; ok {
			return word
		}
	case *ast.StarExpr:
		return kind(t.X)
	case *ast.ArrayType:
		if element := kind(t.Elt); element != "table" {
			return "list of " + element + "s"
		}
		return "tables"
	case *ast.SelectorExpr:
		if word, ok := kinds[t.Sel.Name]; ok {
			return word
		}
	}
	return "table"
}

var kinds = map[string]string{
	"string": "text", "bool": "true or false", "int": "integer", "int64": "integer", "float64": "number",
	"LocalDate": "date", "Duration": "duration", "any": "text or table",
}

// wrap breaks a list item at 100 columns.
func wrap(item string) string {
	var b strings.Builder
	column := 0
	for _, word := range strings.Fields(item) {
		if column > 0 && column+1+len([]rune(word)) > 100 {
			b.WriteString("\n  ")
			column = 2
		} else if column > 0 {
			b.WriteString(" ")
			column++
		}
		b.WriteString(word)
		column += len([]rune(word))
	}
	return b.String() + "\n"
}
