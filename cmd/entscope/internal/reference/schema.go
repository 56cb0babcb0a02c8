package reference

import (
	"encoding"
	"encoding/json"
	"fmt"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/policy/keyline"
)

// module is the path of the packages whose folder is known.
const module = "github.com/entscope/entscope"

// schema is what this package writes of JSON Schema, draft 2020-12; an editor reads
// dates and durations of TOML as strings.
type schema struct {
	Schema      string             `json:"$schema,omitempty"`
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	Ref         string             `json:"$ref,omitempty"`
	Type        string             `json:"type,omitempty"`
	Format      string             `json:"format,omitempty"`
	Enum        []string           `json:"enum,omitempty"`
	AnyOf       []*schema          `json:"anyOf,omitempty"`
	Default     any                `json:"default,omitempty"`
	Examples    []any              `json:"examples,omitempty"`
	Items       *schema            `json:"items,omitempty"`
	Properties  map[string]*schema `json:"properties,omitempty"`
	Names       *schema            `json:"propertyNames,omitempty"`
	Required    []string           `json:"required,omitempty"`
	// Additional is false, or the schema of every other key.
	Additional any                `json:"additionalProperties,omitempty"`
	Defs       map[string]*schema `json:"$defs,omitempty"`
}

// Schema is the JSON Schema of the files that a struct of this module reads; root is
// the module's folder.
func Schema(root, title string, t reflect.Type, lists map[string][]string) ([]byte, error) {
	w := schemaWriter{root: root, lists: lists, defs: map[string]*schema{}}
	top, err := w.table(t)
	if err != nil {
		return nil, err
	}
	top.Schema, top.Title, top.Defs = "https://json-schema.org/draft/2020-12/schema", title, w.defs
	text, err := json.MarshalIndent(top, "", "  ")
	return append(text, '\n'), err
}

type schemaWriter struct {
	root  string
	lists map[string][]string
	defs  map[string]*schema
}

// table is the schema of a struct.
func (w *schemaWriter) table(t reflect.Type) (*schema, error) {
	s := &schema{Type: "object", Properties: map[string]*schema{}, Additional: false}
	for _, f := range keyline.Fields(t) {
		one, err := w.value(f.Type, f.Words(w.lists), f.Hints(w.lists))
		if err != nil {
			return nil, err
		}
		if err := w.describe(one, f); err != nil {
			return nil, err
		}
		s.Properties[f.Key] = one
		if f.Needed() || strings.HasPrefix(one.Description, "needed") {
			s.Required = append(s.Required, f.Key)
		}
	}
	return s, nil
}

// describe adds what the field's comment and tags say.
func (w *schemaWriter) describe(s *schema, f keyline.Field) error {
	keys, err := read(filepath.Join(w.root, strings.TrimPrefix(f.Owner.PkgPath(), module)), f.Owner.Name())
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Key != f.Key {
			continue
		}
		s.Description = k.meaning
		if text, ok := f.Tag.Lookup("default"); ok {
			if s.Default, err = decoded(literal(k.kind, text)); err != nil {
				return fmt.Errorf("reference: %s: default: %w", f.Key, err)
			}
		}
		if text, ok := f.Tag.Lookup("example"); ok {
			value, err := decoded(literal(k.kind, text))
			if err != nil {
				return fmt.Errorf("reference: %s: example: %w", f.Key, err)
			}
			s.Examples = []any{value}
		}
	}
	return nil
}

// decoded is a literal of TOML as JSON would have it.
func decoded(text string) (any, error) {
	var tree map[string]any
	if err := toml.Unmarshal([]byte("x = "+text), &tree); err != nil {
		return nil, err
	}
	if day, ok := tree["x"].(toml.LocalDate); ok {
		return day.String(), nil
	}
	return tree["x"], nil
}

// value is the schema of a type, whose texts may be words.
func (w *schemaWriter) value(t reflect.Type, words, hints []string) (*schema, error) {
	switch {
	case t == reflect.TypeFor[toml.LocalDate]():
		return &schema{Type: "string", Format: "date"}, nil
	case t.Kind() == reflect.Pointer:
		return w.value(t.Elem(), words, hints)
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return &schema{Type: "string"}, nil
	}
	switch t.Kind() {
	case reflect.Struct:
		return w.reference(t)
	case reflect.Slice:
		items, err := w.value(t.Elem(), words, hints)
		return &schema{Type: "array", Items: items}, err
	case reflect.Map:
		values, err := w.value(t.Elem(), nil, nil)
		s := &schema{Type: "object", Additional: values}
		if words != nil {
			s.Names = &schema{Enum: words}
		}
		return s, err
	case reflect.String:
		if hints != nil {
			return &schema{AnyOf: []*schema{{Enum: hints}, {Type: "string"}}}, nil
		}
		return &schema{Type: "string", Enum: words}, nil
	case reflect.Bool:
		return &schema{Type: "boolean"}, nil
	case reflect.Float64:
		return &schema{Type: "number"}, nil
	case reflect.Interface:
		return &schema{}, nil
	}
	return &schema{Type: "integer"}, nil
}

// reference is a reference to the schema of a struct, which stands once.
func (w *schemaWriter) reference(t reflect.Type) (*schema, error) {
	name := t.String() // with its package: two may have a struct of one name
	if w.defs[name] == nil {
		w.defs[name] = &schema{} // a struct that holds itself ends here
		table, err := w.table(t)
		if err != nil {
			return nil, err
		}
		w.defs[name] = table
	}
	return &schema{Ref: "#/$defs/" + name}, nil
}
