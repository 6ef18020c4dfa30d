"""Short names of op_names."""

from __future__ import annotations

CALLED = {
    "ERASE": "Block_Erase_SLC",
    "ERASE_TLC": "Block_Erase_TLC",
    "E_SUSPEND": "Erase_Suspend_Reset",
    "E_RESUME": "Erase_Resume",
    "P_SUSPEND": "Program_Suspend_Reset",
    "P_RESUME": "Program_Resume",
    "PROGRAM": "Page_Program_SLC",
    "PROGRAM_A0SLC": "Page_Program_A0SLC",
    "CACHE_PROGRAM": "Cache_Program_SLC",
    "LSB": "One_Shot_PGM_LSB",
    "CSB": "One_Shot_PGM_CSB",
    "MSB": "One_Shot_PGM_MSB",
    "MSB_23H": "One_Shot_PGM_MSB_23h",
    "EXEC_MSB": "One_Shot_PGM_Execution_MSB",
    "READ": "Read_SLC",
    "READ_TLC": "Read_LSB",
    "CACHE_READ": "Read_Cache_Random_SLC",
    "CACHE_READ_END": "Read_Cache_End",
    "PLANE_READ": "Plane_Level_Page_Read_SLC",
    "COPYBACK_READ": "Copyback_Read_SLC",
    "COPYBACK_PROGRAM": "Copyback_Program_SLC",
    "RECOVERY_RD": "Read_write_conflict_Fire_N_Forget_LSB",
    "DOUT": "Change_Read_Column_Random_Data_Output",
    "STATUS": "Read_Status_Enhanced_70h",
    "RESET": "Super_Reset",
}
"""What the stories call the op_names that they use most."""
