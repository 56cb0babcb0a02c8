package directory

// families gives each person the connected component of the guardian–child
// links: union–find with path halving, the smaller index being the root.
func (b *builder) families() {
	p := b.d.Persons
	root := func(i int32) int32 {
		for p[i].Family != i {
			p[i].Family = p[p[i].Family].Family
			i = p[i].Family
		}
		return i
	}
	for _, l := range b.d.Links {
		x, y := root(l.Child), root(l.Guardian)
		if x < y {
			p[y].Family = x
		} else {
			p[x].Family = y
		}
	}
	for i := range p {
		p[i].Family = root(int32(i))
	}
}
