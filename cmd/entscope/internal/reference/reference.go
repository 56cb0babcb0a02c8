// Package reference writes the lists of keys in the help topics from the structs
// that read them, so that a key is documented where it is declared and nowhere else.
//
// A topic holds pairs of marks:
//
//	<!-- keys internal/study.Source [[source]] -->
//	<!-- end -->
//
// Fill puts between them a heading with the table's name and, for each field of the
// struct with a toml tag, a list item: key, type and the field's comment. The folder
// of the package is relative to the folder given to Fill. A field without a comment
// is an error: an undocumented key does not pass.
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
	"strings"
)

var mark = regexp.MustCompile(`(?s)<!-- keys (\S+)\.(\w+) (\S.*?) -->\n.*?<!-- end -->`)

// Fill gives text with the list of keys between each pair of marks made anew from
// the sources below dir.
func Fill(dir string, text []byte) ([]byte, error) {
	var fault error
	out := mark.ReplaceAllFunc(text, func(found []byte) []byte {
		m := mark.FindSubmatch(found)
		list, err := keys(filepath.Join(dir, string(m[1])), string(m[2]))
		if err != nil {
			fault = err
			return found
		}
		head, _, _ := bytes.Cut(found, []byte("\n"))
		return fmt.Appendf(nil, "%s\n\n### `%s`\n\n%s\n<!-- end -->", head, m[3], list)
	})
	return out, fault
}

// keys lists the fields of a struct.
func keys(folder, name string) (string, error) {
	decl, err := find(folder, name)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for _, f := range decl.Fields.List {
		if f.Tag == nil {
			continue
		}
		key, _, _ := strings.Cut(reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("toml"), ",")
		if key == "" || key == "-" {
			continue
		}
		meaning := strings.TrimSpace(f.Doc.Text() + f.Comment.Text())
		if meaning == "" {
			return "", fmt.Errorf("reference: %s.%s: key %s has no comment", folder, name, key)
		}
		meaning = strings.TrimSuffix(strings.Join(strings.Fields(meaning), " "), ".")
		b.WriteString(wrap(fmt.Sprintf("- `%s` (%s): %s.", key, kind(f.Type), meaning)))
	}
	return b.String(), nil
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
