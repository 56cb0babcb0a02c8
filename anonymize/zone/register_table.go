package zone

import (
	"cmp"
	"slices"

	"github.com/parquet-go/parquet-go"

	"github.com/entscope/entscope/anonymize/durable"
	"github.com/entscope/entscope/anonymize/pseudonym"
	"github.com/entscope/entscope/ingest/register"
)

// registerTable are the rows of one register: a value for each column, then what tells two identifiers of one key
// apart, of the first column that is an identifier and no other's.
type registerTable struct {
	*register.Register
	hashers []*pseudonym.Hasher // by column, nil for what is no identifier
	checked int                 // the column, -1 none
	texts   []map[string]int64  // numbers of Texts and Names by column, the first is 1
	sorted  [][]string          // the texts in their order, by column
	rows    [][]int64
	spill   *spill // nil for rows that are held
}

func newRegisterTable(of *register.Register, k *pseudonym.StudyKey) *registerTable {
	t := &registerTable{Register: of, hashers: make([]*pseudonym.Hasher, len(of.Columns)), checked: -1}
	t.texts, t.sorted = make([]map[string]int64, len(of.Columns)), make([][]string, len(of.Columns))
	for i, c := range of.Columns {
		if c.Kind != register.Identifier {
			continue
		}
		t.hashers[i] = k.Hasher(c.Namespace)
		if t.checked < 0 && c.Namespace != "class" { // a class has the key that memberships give it
			t.checked = i
		}
	}
	return t
}

// RegisterSchema is the schema of a register's table, made of its columns.
func RegisterSchema(r *register.Register) *parquet.Schema {
	columns := r.Table()
	group := orderedGroup{Group: parquet.Group{}}
	place := map[string]int{}
	for i, c := range columns {
		place[c.Name] = i
		if c.Kind == register.Text {
			group.Group[c.Name] = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		} else {
			group.Group[c.Name] = parquet.Int(c.Bits)
		}
	}
	group.fields = group.Group.Fields()
	slices.SortFunc(group.fields, func(a, b parquet.Field) int { return cmp.Compare(place[a.Name()], place[b.Name()]) })
	return parquet.NewSchema(r.RowName, group)
}

// orderedGroup is a group whose fields have an order of their own, not that of their names.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

// Fields implements parquet.Node.
func (g orderedGroup) Fields() []parquet.Field { return g.fields }

// newRowTable begins the table of a register.
func newRowTable(disk durable.Disk, dir string, t *registerTable) (*tableWriter[parquet.Row], error) {
	w, err := newTableFile[parquet.Row](disk, dir, t.Name)
	if err != nil {
		return nil, err
	}
	out := parquet.NewGenericWriter[any](w.buffered, append(tableOptions(), RegisterSchema(t.Register))...)
	w.parquet, w.write = out, out.WriteRows
	return w, nil
}

// parquetRow is a row of the table.
func (t *registerTable) parquetRow(row []int64) parquet.Row {
	out := make(parquet.Row, 0, len(t.Columns))
	for c, column := range t.Columns {
		if column.Hidden {
			continue
		}
		value := parquet.Int32Value(int32(row[c]))
		switch {
		case column.Kind == register.Text:
			value = parquet.ByteArrayValue([]byte(t.sorted[c][row[c]-1]))
		case column.Bits == 64:
			value = parquet.Int64Value(row[c])
		}
		out = append(out, value.Level(0, 0, len(out)))
	}
	return out
}
