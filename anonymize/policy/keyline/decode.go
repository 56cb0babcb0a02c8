package keyline

import (
	"cmp"
	"encoding"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pelletier/go-toml/v2"

	"github.com/entscope/entscope/anonymize/edition/vocabulary"
)

// Decode reads a TOML text into v, a pointer to a struct, and says in the words of
// who wrote the text what does not fit, with lines: keys that v does not have, keys
// that it needs and the text does not set, words that are not among those allowed.
// v is filled all the same, so that other faults can be looked for, unless the text is
// no TOML or holds a value of another type than its key.
//
// The tags of v's fields are toml:"key"; need:"yes" for what must be set; words:"a,b"
// for the words that a text, each text of a list, or each key of a table may be; and,
// for a reader only, hints:"a,b" for words among others, default and example. In words
// and hints, "@name" stands for the list of that name.
func Decode(data []byte, v any, lists map[string][]string) (lines Lines, filled bool, err error) {
	tree := map[string]any{}
	if err := toml.Unmarshal(data, &tree); err != nil {
		return nil, false, syntax(err)
	}
	f := fitting{lines: Read(data), lists: lists}
	f.table("", "", tree, reflect.TypeOf(v).Elem())
	f.absent()
	if f.mistyped {
		return f.lines, false, errors.Join(f.faults...)
	}
	if err := toml.Unmarshal(data, v); err != nil {
		return f.lines, false, syntax(err)
	}
	return f.lines, true, errors.Join(f.faults...)
}

// syntax is the decoder's own error, with its place and without the types of Go. It never
// quotes the text: who names a wrong file may have named a key, or the records of persons.
func syntax(err error) error {
	var at *toml.DecodeError
	if !errors.As(err, &at) {
		return errors.New(strings.TrimPrefix(err.Error(), "toml: "))
	}
	line, column := at.Position()
	return fmt.Errorf("line %d, column %d: %s", line, column, strings.TrimPrefix(at.Error(), "toml: "))
}

// fitting compares a tree of TOML with a type.
type fitting struct {
	lines    Lines
	lists    map[string][]string
	faults   []error
	mistyped bool
	lacking  []string // tables that are needed and not there, with their needed keys
}

// fault notes what is wrong with a key; at names it for a reader, path in Lines.
func (f *fitting) fault(at, path, format string, args ...any) {
	text := fmt.Errorf("%s"+format, append([]any{strings.TrimSuffix(at, ":")}, args...)...)
	if line := f.lines.Of(path); line > 0 {
		text = fmt.Errorf("line %d: %w", line, text)
	}
	f.faults = append(f.faults, text)
}

// Field is a key of a table and the field of a struct that holds it.
type Field struct {
	Key string
	reflect.StructField
	// Owner is the struct in which the field is declared.
	Owner reflect.Type
}

// Fields are the keys of a struct, those of embedded structs among them.
func Fields(t reflect.Type) []Field {
	var list []Field
	for i := range t.NumField() {
		s := t.Field(i)
		key, _, _ := strings.Cut(s.Tag.Get("toml"), ",")
		switch {
		case s.Anonymous && key == "":
			list = append(list, Fields(s.Type)...)
		case s.IsExported() && key != "-" && key != "":
			list = append(list, Field{key, s, t})
		}
	}
	return list
}

// Needed reports whether the key must be set.
func (f Field) Needed() bool { return f.Tag.Get("need") != "" }

// Words are the words that the key's texts may be, nil for any.
func (f Field) Words(lists map[string][]string) []string { return expand(f.Tag.Get("words"), lists) }

// Hints are words among others that the key's texts may be.
func (f Field) Hints(lists map[string][]string) []string { return expand(f.Tag.Get("hints"), lists) }

// expand gives the words of a tag, lists in place of their names.
func expand(tag string, lists map[string][]string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(tag, func(r rune) bool { return r == ',' }) {
		if name, ok := strings.CutPrefix(w, "@"); ok {
			words = append(words, lists[name]...)
		} else {
			words = append(words, w)
		}
	}
	return words
}

// table compares a table with a struct.
func (f *fitting) table(at, path string, tree map[string]any, t reflect.Type) {
	fields := Fields(t)
	find := func(key string) int {
		return slices.IndexFunc(fields, func(one Field) bool { return strings.EqualFold(one.Key, key) })
	}
	set := map[string]bool{}
	for _, key := range slices.Sorted(maps.Keys(tree)) {
		i := find(key)
		if i < 0 {
			f.unknown(at, child(path, key), key, fields)
			continue
		}
		set[fields[i].Key] = tree[key] != ""
		f.value(join(at, key), child(path, key), tree[key], fields[i].Type, fields[i].Words(f.lists))
	}
	var missing []string
	for _, one := range fields {
		switch {
		case !one.Needed() || set[one.Key]:
		case path == "" && element(one.Type).Kind() == reflect.Struct && !isText(one.Type):
			f.lacking = append(f.lacking, heading(one))
		default:
			missing = append(missing, one.Key)
		}
	}
	switch len(missing) {
	case 0:
	case 1:
		f.fault(join(at, missing[0]), path, " is not set")
	default:
		f.fault(at, path, " lacks %s", strings.Join(missing, ", "))
	}
}

// absent reports the needed tables that are not there, as one fault.
func (f *fitting) absent() {
	if len(f.lacking) > 0 {
		tables := strings.Join(f.lacking, "; ")
		f.faults = append(f.faults, fmt.Errorf("these tables are needed and not there: %s", tables))
	}
}

// heading is how a table is begun, with the keys that it needs.
func heading(f Field) string {
	name := "[" + f.Key + "]"
	if f.Type.Kind() == reflect.Slice {
		name = "[" + name + "]"
	}
	var keys []string
	for _, one := range Fields(element(f.Type)) {
		if one.Needed() {
			keys = append(keys, one.Key)
		}
	}
	return name + " with " + strings.Join(keys, ", ")
}

// unknown reports a key that a table does not have, and the nearest that it has.
func (f *fitting) unknown(at, path, key string, fields []Field) {
	var keys []string
	for _, one := range fields {
		keys = append(keys, one.Key)
	}
	hint := "it has " + strings.Join(keys, ", ")
	if near := vocabulary.Nearest(key, keys); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	f.fault(cmp.Or(at, "the file"), path, " has no key %q; %s", key, hint)
}

// value compares a value with a type, and its words with those allowed.
func (f *fitting) value(at, path string, value any, t reflect.Type, words []string) {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch v := value.(type) {
	case map[string]any:
		if t.Kind() == reflect.Struct && !isText(t) {
			f.table(at, path, v, t)
			return
		}
		if t.Kind() == reflect.Map {
			for _, key := range slices.Sorted(maps.Keys(v)) {
				if words != nil && !slices.Contains(words, key) {
					f.fault(at, child(path, key), ": %w", vocabulary.Unknown(key, words))
				} else {
					f.value(join(at, key), child(path, key), v[key], t.Elem(), nil)
				}
			}
			return
		}
	case []any:
		if t.Kind() == reflect.Slice {
			for i, one := range v {
				f.value(item(at, i, one), itemPath(path, i, one), one, t.Elem(), words)
			}
			return
		}
	case string:
		if words != nil && v != "" && !slices.Contains(words, v) {
			f.fault(at, path, ": %w", vocabulary.Unknown(v, words))
		}
	}
	f.scalar(at, path, value, t)
}

// scalar refuses a value that is of another type than its key.
func (f *fitting) scalar(at, path string, value any, t reflect.Type) {
	if t.Kind() == reflect.Interface || fits(value, t) {
		return
	}
	text, isString := value.(string)
	if target, ok := reflect.New(t).Interface().(encoding.TextUnmarshaler); ok && isString {
		err := target.UnmarshalText([]byte(text))
		if err == nil {
			return
		}
		if t != localDate {
			f.mistyped = true
			f.fault(at, path, ": %w", err)
			return
		}
	}
	f.mistyped = true
	f.fault(at, path, " is %s, and %s is needed", written(value), Kind(t))
}

var localDate = reflect.TypeFor[toml.LocalDate]()

// fits reports whether the decoder can put a value into a type.
func fits(value any, t reflect.Type) bool {
	switch value.(type) {
	case string:
		return t.Kind() == reflect.String
	case bool:
		return t.Kind() == reflect.Bool
	case int64:
		return t.Kind() >= reflect.Int && t.Kind() <= reflect.Float64 && !isText(t)
	case float64:
		return t.Kind() == reflect.Float64
	case toml.LocalDate:
		return t == localDate
	}
	return false
}

// isText reports whether a type is written as text or as a date, whatever it is in Go.
func isText(t reflect.Type) bool {
	return reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
}

// element is what a pointer or a list holds.
func element(t reflect.Type) reflect.Type {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	return t
}

// Kind is a type in the words of somebody who writes TOML.
func Kind(t reflect.Type) string {
	switch {
	case t == localDate:
		return "a date such as 2025-09-08"
	case isText(t):
		return "text such as \"24h\""
	}
	switch t.Kind() {
	case reflect.Pointer:
		return Kind(t.Elem())
	case reflect.String:
		return "text in quotes"
	case reflect.Bool:
		return "true or false"
	case reflect.Float64:
		return "a number"
	case reflect.Slice:
		if element(t).Kind() == reflect.Struct {
			return "a list of tables, each under its [[heading]]"
		}
		return "a list in brackets"
	case reflect.Struct, reflect.Map:
		return "a table"
	}
	return "a whole number"
}

// written is the type of a value of TOML, as it was written.
func written(value any) string {
	switch value.(type) {
	case string:
		return "text"
	case bool:
		return "true or false"
	case int64:
		return "a whole number"
	case float64:
		return "a number with decimals"
	case map[string]any:
		return "a table"
	case []any:
		return "a list"
	}
	return "a date or a time"
}

// join names a key of a table for a reader: "source 1 (neo): format", "study.name".
func join(at, key string) string {
	switch {
	case at == "":
		return key
	case strings.HasSuffix(at, ":"):
		return at + " " + key
	}
	return at + "." + key
}

// itemPath is the path of a table of a list; any other value stands on the list's line.
func itemPath(path string, i int, value any) string {
	if _, ok := value.(map[string]any); !ok {
		return path
	}
	return fmt.Sprintf("%s[%d]", path, i)
}

// item names a table of a list by its number from 1 and its name.
func item(at string, i int, value any) string {
	table, ok := value.(map[string]any)
	if !ok {
		return at
	}
	if name, ok := table["name"].(string); ok {
		return fmt.Sprintf("%s %d (%s):", at, i+1, name)
	}
	return fmt.Sprintf("%s %d:", at, i+1)
}
