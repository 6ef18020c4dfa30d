"""[payload]"""

from tests.rules.stories import ERASED, PROGRAMMED
from tests.rules.table import FREE, illegal, legal, table

DOUT = "Change_Read_Column_Random_Data_Output"
READ = f"""{PROGRAMMED}
    12  Read_SLC  block 0    # CORE_BUSY until 18, DATA_OUT until 21
"""

TABLE = table(
    "payload",
    FREE,
    legal(
        "an erase with die, plane, block, page and celltype",
        "0 Block_Erase_SLC die 0 plane 0 block 0 page 0 celltype SLC",
    ),
    legal("a status read with die and exp_val", "0 Read_Status_Enhanced_70h die 0 shows ready"),
    legal("a CAMREAD with nothing", "0 Auto_Read_by_38h_Cmd_Target_Level"),
    legal("a DOUT with the celltype of its read", READ + f"18 {DOUT} block 0 celltype SLC"),
    legal("a load with the celltype of its block", ERASED + "6 Change_Row_Address block 0 celltype SLC"),
    illegal("an erase without its page", "0 Block_Erase_SLC block 0 without page"),
    illegal("an erase without its celltype", "0 Block_Erase_SLC block 0 without celltype"),
    illegal("an erase with another celltype than its op_name's", "0 Block_Erase_SLC block 0 celltype TLC"),
    illegal("a parameter read with a plane", "0 Get_Parameter die 0 plane 0"),
    illegal("a CAMREAD with a die", "0 Auto_Read_by_38h_Cmd_Target_Level die 0"),
    illegal("a parameter read with two objects", "0 Get_Parameter die 0 objects 2"),
    illegal("an erase that shows a value", "0 Block_Erase_SLC block 0 shows ready"),
    illegal("a DOUT with another celltype than its read's", READ + f"18 {DOUT} block 0 celltype TLC", also="dout"),
    illegal("a load with another celltype than its block's", ERASED + "6 Change_Row_Address block 0 celltype TLC"),
    planned=False,
)
