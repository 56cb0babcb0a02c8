package register

import (
	"bytes"
	"maps"

	"github.com/entscope/entscope/ingest/join"
	"github.com/entscope/entscope/ingest/tabular"
)

// named counts whom the rows of a register name, and whom of them the directory knows.
type named struct {
	persons, strangers int64
	classes            map[string]bool // by school and code: does the directory have it?
	schools            map[string]bool // by UAI: is anybody there?
}

// name counts a row that is used; uai is that of its school.
func (r *reader) name(rows *tabular.Rows, uai string) {
	for i, f := range r.Fields {
		text := rows.Text(i)
		switch {
		case f.Type == School && uai != "":
			if _, seen := r.named.schools[uai]; !seen {
				r.named.schools[uai] = r.directory.Classes(uai) > 0
			}
		case f.Type == Person && len(text) > 0 && r.row.Values[f.at] >= 0:
			r.named.persons++
		case f.Type == Person && len(text) > 0:
			r.named.strangers++
		case f.Type == Class && len(text) > 0:
			code := text[bytes.LastIndexByte(text, '$')+1:]
			r.buffer = append(append(append(r.buffer[:0], uai...), '$'), code...)
			if _, seen := r.named.classes[string(r.buffer)]; !seen {
				r.named.classes[string(r.buffer)] = r.directory.HasClass(string(r.buffer))
			}
		}
	}
}

// joins are the joins of the register with the directory. Persons are counted by row; of a person who must be known, a
// row without is refused.
func (n *named) joins(name string, d Directory) {
	register := "register " + name
	if all := n.persons + n.strangers; all > 0 {
		d.Join(join.Join{
			From: register, To: "the directory", Unit: join.Persons, Named: all, Known: n.persons, Stated: true,
			Hint: "are its persons named as the directory names them? accounts says by which namespace",
		})
	}
	if len(n.classes) == 0 {
		return
	}
	known := int64(0)
	for _, is := range n.classes {
		if is {
			known++
		}
	}
	d.Join(join.Join{
		From: register, To: "the directory", Unit: join.Classes, Named: int64(len(n.classes)), Known: known,
		Stated: true, Hint: "are its classes called as the directory calls them?",
	})
	all := int64(0)
	for uai := range maps.Keys(n.schools) {
		all += d.Classes(uai)
	}
	d.Join(join.Join{From: "the directory", To: register, Unit: join.Classes, Named: all, Known: min(known, all)})
}
