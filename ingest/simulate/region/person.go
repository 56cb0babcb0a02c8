package region

// Person is one account holder of a basin. Indices are local to the basin.
type Person struct {
	Role    uint8
	Rank    uint8 // legal rank of a guardian
	Kind    uint8
	Teacher bool
	checker bool // one of the very frequent checkers
	night   bool // … who also checks at night
	// Schools are the schools of the person; 1 or 2 of them.
	Schools     [2]int
	SchoolCount int
	Family      int
	Number      int64 // in the directory; a parent and a pupil may share a number
	Parents     []int // of a pupil
	Children    []int // of a parent
	Class       int   // of a pupil, in its school
	gamma       float64
	phone       float64 // chance that a visit is on a phone
	Email       bool
	Mobile      bool
	Created     int // day, negative before the window
	// Activated is the day the account was, NoDay never; the first visit may
	// bring it forward.
	Activated int
	// Helped is the day the parent was accompanied, NoDay never.
	Helped int
	// onset is the day from which a parent comes, NoDay never.
	onset int
	// Borrowed: a parent who has no use of an own account used this pupil's.
	Borrowed bool
	// Borrows: this parent used a child's account.
	Borrows bool
}

// At reports whether a school is one of the person's.
func (p *Person) At(school int) bool {
	return p.Schools[0] == school || p.SchoolCount == 2 && p.Schools[1] == school
}

// comes reports whether a parent uses an own account on a day.
func (p *Person) comes(day int) bool {
	return p.Role == RoleParent && p.Kind != kindChildOnly && day >= p.onset && day >= p.Created
}

// might says that a parent never came but has an account that could be used.
func (p *Person) might(day int) bool {
	return p.Role == RoleParent && p.Kind != kindChildOnly && day < p.onset && day >= p.Created
}

// Checks reports whether a parent is planted as a very frequent checker of a school's
// grades.
func (p *Person) Checks(school int) bool { return p.checker && p.Schools[0] == school }
