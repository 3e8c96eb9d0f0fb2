"""
The case file of a legal demand, a court order or an emergency alike. A *case* has an unguessable id, a *reference* that
opens nothing by itself, and a *matter* whose key seals what it says. A *target* is a number and an interval and a
product. Its *list* names the officers who may see how it stands and, once it is *sealed*, everybody who may know that it
exists. A *gate* must be closed before work goes on; a *billable fact* is something that happened and may cost; a
*clock* runs towards an end, and pauses while the agency must mend something. *Correspondence* is what came and went.
"""
